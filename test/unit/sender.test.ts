import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { makeSenderReader } from "#server/ingest/sender.ts";
import { callerKey } from "#server/wire/caller-address.ts";

const PUBLIC = "https://hooks.example.com";
const arrival = (remoteAddress: string, headers: Record<string, string> = {}, url = "/e/key/a?x=1") =>
  ({ socket: { remoteAddress }, headers, url }) as unknown as IncomingMessage;
const read = makeSenderReader(["10.0.0.0/8", "::1/128"], PUBLIC);

describe("who sent a request", () => {
  test("a stranger is who he is, whatever he claims", () => {
    const claims = { "x-forwarded-for": "1.2.3.4", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" };
    expect(read(arrival("203.0.113.9", claims))).toEqual({ ip: "203.0.113.9", urls: [`${PUBLIC}/e/key/a?x=1`] });
    expect(read(arrival("::ffff:203.0.113.9"))).toMatchObject({ ip: "203.0.113.9" });
  });

  test("behind trusted proxies it is the right-most address that is not one of them", () => {
    const behind = (forwarded: string) => read(arrival("10.0.0.1", { "x-forwarded-for": forwarded })).ip;
    expect(behind("198.51.100.7")).toBe("198.51.100.7");
    expect(behind("6.6.6.6, 198.51.100.7, 10.1.2.3")).toBe("198.51.100.7");
    expect(behind("10.9.9.9, 10.1.2.3")).toBe("10.9.9.9");
    expect(behind("garbage, 198.51.100.7, also garbage")).toBe("198.51.100.7");
    expect(behind("")).toBe("10.0.0.1");
    expect(read(arrival("::ffff:10.0.0.1", { "x-forwarded-for": "2001:db8::7" })).ip).toBe("2001:db8::7");
  });

  const TARGET = "/e/key/a?x=1";
  const behindProxy: [string, Record<string, string>, string[]][] = [
    [
      "scheme and host",
      { "x-forwarded-proto": "https", "x-forwarded-host": "in.example" },
      ["https://in.example", PUBLIC],
    ],
    [
      "the scheme alone, and keeps Host",
      { "x-forwarded-proto": "http", host: "in.example:8080" },
      ["http://in.example:8080", PUBLIC],
    ],
    ["the host alone", { "x-forwarded-host": "in.example" }, ["https://in.example", PUBLIC]],
    [
      "a port of its own",
      { "x-forwarded-proto": "https", host: "in.example", "x-forwarded-port": "8443" },
      ["https://in.example:8443", "https://in.example", PUBLIC],
    ],
    [
      "the usual port",
      { "x-forwarded-proto": "https", host: "in.example", "x-forwarded-port": "443" },
      ["https://in.example", PUBLIC],
    ],
    [
      "a list, of which the first is the sender's",
      { "x-forwarded-proto": "https, http", "x-forwarded-host": "IN.example, inner" },
      ["https://in.example", PUBLIC],
    ],
    ["an IPv6 host", { "x-forwarded-proto": "http", host: "[2001:db8::1]:81" }, ["http://[2001:db8::1]:81", PUBLIC]],
    ["nothing", { host: "in.example", "x-forwarded-port": "8443" }, [PUBLIC]],
    ["a scheme that is none", { "x-forwarded-proto": "javascript", host: "in.example" }, [PUBLIC]],
    ["a host that is none", { "x-forwarded-proto": "https", "x-forwarded-host": "a@b/c" }, [PUBLIC]],
  ];
  test.each(behindProxy)("a trusted proxy that says %s", (_name, headers, origins) => {
    expect(read(arrival("::1", headers)).urls).toEqual(origins.map((origin) => origin + TARGET));
  });

  test("a target in absolute form does not choose the origin that is signed", () => {
    expect(read(arrival("203.0.113.9", {}, "http://evil.example/e/key?x=%20")).urls).toEqual([`${PUBLIC}/e/key?x=%20`]);
  });
});

test("the senders of one IPv6 network share, and every IPv4 address is one of its own", () => {
  expect(callerKey("2001:db8:1:2::1")).toBe(callerKey("2001:db8:1:2:ffff::9"));
  expect(callerKey("2001:db8:1:2::1")).not.toBe(callerKey("2001:db8:1:3::1"));
  expect(callerKey("203.0.113.9")).toBe("203.0.113.9");
  expect(callerKey("")).toBe("");
});
