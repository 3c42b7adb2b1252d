import { describe, expect, test } from "vitest";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { type ListenerSettings, makeOwnListeners } from "#server/egress/own-listeners.ts";
import { pathPieces } from "#server/egress/path-pieces.ts";
import { checkUrl } from "#server/egress/url-policy.ts";

const SETTINGS: ListenerSettings = {
  host: "127.0.0.1",
  port: 3000,
  gatewayPort: 3001,
  publicGatewayUrl: "http://127.0.0.1:3001",
  databaseUrl: undefined,
};
const INTERFACES = new Set(["127.0.0.1", "::1", "10.0.0.5", "2a00:1450:4001:829::5", "fe80::5"]);
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/** A judge of destinations on a machine with these interfaces, with everything opened that can be. */
function judge(settings: Partial<ListenerSettings> = {}, interfaces = () => INTERFACES) {
  const own = makeOwnListeners({ ...SETTINGS, ...settings }, interfaces);
  const policy = makeEgressPolicy(EVERYWHERE, own).forTeam("tm_a");
  return (url: string) => {
    const verdict = checkUrl(url, policy);
    return verdict.kind === "ok" ? "ok" : verdict.code;
  };
}
const LOCAL =
  `127.0.0.1 127.0.0.1. 127.9.9.9 2130706433 0x7f.1 0177.0.0.1 127.1 0 0.0.0.0 localhost LOCALHOST. a.localhost １２７.０.０.１
  %31%32%37.0.0.1 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:0:127.0.0.1] [::127.0.0.1] [64:ff9b::127.0.0.1] [2002:7f00:1::]
  10.0.0.5 0xa000005 [::ffff:10.0.0.5] [64:ff9b::10.0.0.5] [2a00:1450:4001:0829:0:0:0:5] [fe80::5]`
    .trim()
    .split(/\s+/);

describe("our own listeners are no destination", () => {
  const hosts = ["127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "10.0.0.5"];
  test.each(hosts)("bound to %s: at both ports, in every spelling of every address of this machine", (host) => {
    const of = judge({ host });
    for (const port of [3000, 3001]) {
      for (const name of LOCAL)
        expect([name, port, of(`http://${name}:${port}/x`)]).toEqual([name, port, "BLOCKED_ADDRESS"]);
    }
  });

  test("and other ports of this machine are, where EGRESS_ALLOW opens it", () => {
    const of = judge();
    for (const name of ["127.0.0.1", "localhost", "[::1]", "10.0.0.5"]) {
      expect([name, of(`http://${name}:8080/`), of(`http://${name}/`)]).toEqual([name, "ok", "ok"]);
    }
    expect(of("http://10.0.0.6:3000/")).toBe("ok");
    expect(of("https://receiver.example:3001/")).toBe("ok");
  });

  test("a port that is the usual one of its scheme needs no digits", () => {
    const of = judge({ port: 80, gatewayPort: 443 });
    expect([of("http://localhost/"), of("https://127.0.0.1/"), of("https://localhost:80/")]).toEqual(
      Array(3).fill("BLOCKED_ADDRESS"),
    );
    expect(of("https://receiver.example/")).toBe("ok");
  });

  test("an address that this machine gets later counts from then on", () => {
    const interfaces = new Set(["127.0.0.1"]);
    const of = judge({ host: "0.0.0.0" }, () => interfaces);
    expect(of("http://10.0.0.7:3000/")).toBe("ok");
    interfaces.add("10.0.0.7");
    expect(of("http://10.0.0.7:3000/")).toBe("BLOCKED_ADDRESS");
  });

  test("a host in the settings that is another machine's counts too: roles run on several", () => {
    const of = judge({ host: "10.9.9.9" });
    expect([of("http://10.9.9.9:3000/"), of("http://[::ffff:10.9.9.9]:3001/")]).toEqual(
      Array(2).fill("BLOCKED_ADDRESS"),
    );
    expect(of("http://10.9.9.9:3002/")).toBe("ok");
    expect(judge({ host: "box.internal" })("http://BOX.internal.:3000/")).toBe("BLOCKED_ADDRESS");
  });

  test.each([
    ["https://hooks.example.com", "https://hooks.example.com/e/key"],
    ["https://hooks.example.com", "https://HOOKS.example.com.:443/"],
    ["https://hooks.example.com", "http://hooks.example.com/"],
    ["https://hooks.example.com", "https://hooks%2eexample%2ecom/"],
    ["https://hooks.example.com", "https://ｈooks。example.com/"],
    ["https://bücher.example", "https://xn--bcher-kva.example/"],
    ["https://HOOKS.example.com.:8443/base", "https://hooks.example.com:8443/other"],
    ["http://203.0.113.9:9000", "http://[::ffff:203.0.113.9]:9000/"],
    ["http://[2001:DB8:0::9]:9000", "http://[2001:db8::9]:9000/"],
    ["http://localhost:9000", "http://127.0.0.1:9000/"],
    ["http://gateway.localhost:9000", "http://[::1]:9000/"],
  ])("PUBLIC_GATEWAY_URL=%s refuses %s", (publicGatewayUrl, url) => {
    expect(judge({ publicGatewayUrl })(url)).toBe("BLOCKED_ADDRESS");
  });

  test("beside the public URL's host and port others are destinations", () => {
    const of = judge({ publicGatewayUrl: "https://hooks.example.com" });
    expect(of("https://hooks.example.com:8443/")).toBe("ok");
    const byAddress = judge({ publicGatewayUrl: "http://203.0.113.9:9000" });
    expect([9001, 9000, 9001].map((port) => byAddress(`http://203.0.113.9:${port}/`))).toEqual([
      "ok",
      "BLOCKED_ADDRESS",
      "ok",
    ]);
    expect(of("https://example.com/")).toBe("ok");
    expect(of("https://a.hooks.example.com/")).toBe("ok");
    expect(judge({ publicGatewayUrl: "http://127.0.0.1:9000" })("http://127.0.0.1/")).toBe("ok");
  });

  test.each([
    ["postgresql://u:p@127.0.0.1:45001/db", "http://localhost:45001/", "BLOCKED_ADDRESS"],
    ["postgresql://u:p@db.internal:45001/db", "http://db.internal:45001/", "BLOCKED_ADDRESS"],
    ["postgresql://u:p@x/db?host=10.0.0.9&port=45001", "http://10.0.0.9:45001/", "BLOCKED_ADDRESS"],
    ["postgresql://u:p@localhost/db?host=%2Frun", "http://localhost:45001/", "ok"],
    ["postgresql://u:p@/db?host=/run", "http://localhost:45001/", "ok"],
  ])("the database of %s: %s is %s", (databaseUrl, url, verdict) => {
    expect(judge({ databaseUrl })(url)).toBe(verdict);
  });

  test("port 0, which asks for any, is nobody's", () => {
    expect(
      judge({ port: 0, gatewayPort: 0, publicGatewayUrl: "https://hooks.example.com" })("http://127.0.0.1:3000/"),
    ).toBe("ok");
  });

  test("the refusal says what it is and how to go on, and not that EGRESS_ALLOW would help", () => {
    const own = makeOwnListeners(SETTINGS, () => INTERFACES);
    const verdict = checkUrl("http://127.0.0.1:3000/", makeEgressPolicy(EVERYWHERE, own).forTeam("tm_a"));
    expect(verdict).toMatchObject({
      code: "BLOCKED_ADDRESS",
      message: expect.stringMatching(/leads back to Switchyard/),
    });
    expect(verdict).not.toMatchObject({ message: expect.stringContaining("EGRESS_ALLOW") });
  });
});

test("the interfaces of this machine are asked for by default", () => {
  const own = makeOwnListeners({ ...SETTINGS, host: "0.0.0.0" });
  const policy = makeEgressPolicy(EVERYWHERE, own).forTeam("tm_a");
  expect(policy.check("127.0.0.1", 3000)).toEqual({ kind: "own" });
  expect(policy.check("8.8.8.8", 3000)).toEqual({ kind: "allowed" });
});

describe("a source's key in a path", () => {
  const KEY = "abcdefghjkmnpqrstvwxyz0123";
  const encode = (text: string) => [...text].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("");

  test.each([
    `/e/${KEY}`,
    `/e/${KEY}/more/path`,
    `//e//${KEY}`,
    `/x/../e/${KEY}`,
    `/e/${KEY.toUpperCase()}`,
    `/e/${encode(KEY)}`,
    `/%65/%61${KEY.slice(1)}`,
    `/e%2f${KEY}`,
    `/e/${encode(encode(KEY))}`,
    `/e/${encode(encode(encode(KEY)))}`,
    `/e/${KEY};jsessionid=1`,
    `/e/${KEY}.json`,
    `/https://hooks.example.com/e/${KEY}`,
  ])("is found in %s", (path) => {
    expect(pathPieces(new URL(`https://alias.example${path}`))).toContain(KEY);
  });

  test.each(["/", "/hook", `/e/${KEY}0`, `/e/${KEY.slice(1)}`, `/?to=/e/${KEY}`, "/%zz/%e0%a4%a/x"])(
    "is not seen in %s",
    (path) => {
      expect(pathPieces(new URL(`https://alias.example${path}`))).not.toContain(KEY);
    },
  );
});
