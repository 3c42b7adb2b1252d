import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { makeSenderReader } from "#server/ingest/sender.ts";

const PUBLIC = "https://hooks.example.com";
const arrival = (remoteAddress: string, headers: Record<string, string> = {}, url = "/e/key/a?x=1") =>
  ({ socket: { remoteAddress }, headers, url }) as unknown as IncomingMessage;
const read = makeSenderReader(["10.0.0.0/8", "::1/128"], PUBLIC);

describe("who sent a request", () => {
  test("a stranger is who he is, whatever he claims", () => {
    const claims = { "x-forwarded-for": "1.2.3.4", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" };
    expect(read(arrival("203.0.113.9", claims))).toEqual({ ip: "203.0.113.9", url: `${PUBLIC}/e/key/a?x=1` });
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

  test("a trusted proxy says under which origin it was called; anything but http and https is not believed", () => {
    const seen = (headers: Record<string, string>) => read(arrival("::1", headers)).url;
    expect(seen({ "x-forwarded-proto": "https", "x-forwarded-host": "in.example" })).toBe(
      "https://in.example/e/key/a?x=1",
    );
    expect(seen({ "x-forwarded-proto": "javascript", "x-forwarded-host": "in.example" })).toBe(`${PUBLIC}/e/key/a?x=1`);
    expect(seen({ "x-forwarded-proto": "https" })).toBe(`${PUBLIC}/e/key/a?x=1`);
  });

  test("a target in absolute form does not choose the origin that is signed", () => {
    expect(read(arrival("203.0.113.9", {}, "http://evil.example/e/key?x=%20")).url).toBe(`${PUBLIC}/e/key?x=%20`);
  });
});
