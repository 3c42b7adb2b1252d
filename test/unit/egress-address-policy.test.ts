import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeEgressPolicy, openToAll } from "#server/egress/egress-policy.ts";
import { NOWHERE, policyUnder } from "#test/support/egress-policy.ts";
import { cases } from "#test/support/generation.ts";

const policy = policyUnder();
const kinds = (addresses: string[], using = policy) => addresses.map((ip) => [ip, using.check(ip, 443).kind]);
const all = (addresses: string[], kind: string) => addresses.map((ip) => [ip, kind]);

const BLOCKED = `
  0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255
  169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255
  192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255
  203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255
  :: ::1 ::2 ::7f00:1 ::808:808 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe ::ffff:0:10.0.0.1 ::ffff:0:c0a8:1
  0:0:0:0:0:ffff:10.0.0.1 64:ff9b:: 64:ff9b::8.8.8.8 64:ff9b::10.0.0.1 64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff
  100:: 100::ffff:ffff:ffff:ffff 2001:: 2001:0:ffff::1 2001:db8:: 2001:db8:ffff::1 2002:: 2002:7f00:1:: 2002:808:808::1
  3fff:: 3fff:fff:ffff::1 5f00:: 5f00:ffff::1 fc00:: fd00::1 fdff:ffff::1 fe80:: fe80::1 febf:ffff::1 fe80::1%eth0
  fec0:: feff:ffff::1 ff00:: ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`
  .trim()
  .split(/\s+/);

const PUBLIC = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0
  172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0
  198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
  ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 2000:: 2001:1:: 2001:db7:: 2001:db9:: 2003:: 2606:4700::1111 2a00:1450:4001:829::200e
  3ffe:: 3fff:1000:: 5eff:: 5f01:: 100:0:0:1:: 64:ff9b:0:1:: 64:ff9b:2::`
  .trim()
  .split(/\s+/);

describe("the address policy", () => {
  test("blocks both ends of every special range", () => {
    expect(kinds(BLOCKED)).toEqual(all(BLOCKED, "blocked"));
  });

  test("allows the neighbours of every special range", () => {
    expect(kinds(PUBLIC)).toEqual(all(PUBLIC, "allowed"));
  });

  test("blocks whatever is not a plain address, so that no loose spelling passes", () => {
    const loose = [
      "",
      "localhost",
      "127.1",
      "2130706433",
      "0x7f.0.0.1",
      "0177.0.0.1",
      "127.0.0.1.",
      "[::1]",
      "8.8.8.8:80",
      " 8.8.8.8",
    ];
    expect(kinds(loose)).toEqual(all(loose, "blocked"));
  });

  test("judges an IPv4-mapped address exactly as the address inside", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const inner = octets.join(".");
        expect(policy.check(`::ffff:${inner}`, 443)).toEqual(policy.check(inner, 443));
        expect(policy.check(`::ffff:0:${inner}`, 443)).toEqual(policy.check(inner, 443));
      }),
      cases(100),
    );
  });

  test("EGRESS_ALLOW opens the named ranges, mapped forms included, and nothing beside them", () => {
    const opened = policyUnder("127.0.0.0/8", "::1", "10.1.0.0/16", "fd00:1::/32");
    const open = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.1.255.255", "fd00:1:2::3"];
    const shut = ["10.2.0.0", "10.0.255.255", "::2", "::7f00:1", "fd00:2::1", "192.168.0.1", "169.254.169.254"];
    expect(kinds(open, opened)).toEqual(all(open, "allowed"));
    expect(kinds(shut, opened)).toEqual(all(shut, "blocked"));
  });

  test("an opened IPv6 range opens no IPv4 address, in whatever form it carries one", () => {
    const carried = (a: number, b: number, c: number, d: number) => {
      const [high, low] = [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
      const over = [(0xffff - (a * 256 + b)).toString(16), (0xffff - (c * 256 + d)).toString(16)].join(":");
      return [
        `::ffff:${a}.${b}.${c}.${d}`,
        `::ffff:0:${high}:${low}`,
        `::${high}:${low}`,
        `64:ff9b::${high}:${low}`,
        `64:ff9b:1::${high}:${low}`,
        `64:ff9b:1:${high}:${(c).toString(16)}:${(d * 256).toString(16)}::`,
        `2002:${high}:${low}::1`,
        `2001:0:808:808::${over}`,
        `2001:0:${high}:${low}::f7f7:f7f7`,
        `2606:4700::5efe:${high}:${low}`,
        `2606:4700::200:5efe:${high}:${low}`,
      ];
    };
    const inside = [
      ...carried(127, 0, 0, 1),
      ...carried(10, 1, 2, 3),
      ...carried(169, 254, 169, 254),
      ...carried(192, 168, 1, 1),
    ];
    for (const opened of [
      policyUnder("::/0"),
      policyUnder("::ffff:0:0/96", "::/96", "64:ff9b::/96", "2002::/16", "2001::/32"),
    ]) {
      expect(kinds(inside, opened)).toEqual(all(inside, "blocked"));
    }
    const named = policyUnder("::/0", "10.1.0.0/16");
    expect(kinds(carried(10, 1, 2, 3), named)).toEqual(all(carried(10, 1, 2, 3), "allowed"));
    expect(kinds(carried(10, 2, 2, 3), named)).toEqual(all(carried(10, 2, 2, 3), "blocked"));
    const outside = [...carried(8, 8, 8, 8), "fd00::1", "::1", "fe80::1"];
    expect(kinds(outside, policyUnder("::/0"))).toEqual(all(outside, "allowed"));
  });

  test("an entry with a port opens that port alone, and one with a team that team alone", () => {
    const allow = ["tm_a@10.1.0.0/16:443", "tm_a@[fd00::/8]:8443", "10.2.0.0/16", "tm_b@10.3.0.0/16"];
    const egress = makeEgressPolicy(allow, NOWHERE);
    const opened = (team: string) => {
      const of = (ip: string, port: number) => egress.forTeam(team).check(ip, port).kind === "allowed";
      return [
        of("10.1.0.1", 443),
        of("10.1.0.1", 80),
        of("fd00::1", 8443),
        of("fd00::1", 443),
        of("10.2.0.1", 1024),
        of("10.3.0.1", 80),
      ];
    };
    for (let i = 0; i < 2; i++) {
      expect(opened("tm_a")).toEqual([true, false, true, false, true, false]);
      expect(opened("tm_b")).toEqual([false, false, false, false, true, true]);
      expect(opened("tm_c")).toEqual([false, false, false, false, true, false]);
    }
    expect(egress.forTeam("tm_c")).toBe(egress.forTeam("tm_d"));
    expect(openToAll(allow)).toEqual(["10.2.0.0/16"]);
  });

  test("a reason names the kind of address and never the address", () => {
    for (const ip of BLOCKED) {
      const verdict = policy.check(ip, 443);
      expect(verdict.kind === "blocked" && !verdict.reason.includes(ip)).toBe(true);
    }
    expect(policy.check("127.0.0.1", 443)).toEqual({ kind: "blocked", reason: "a loopback address" });
  });

  test.each(["10.0.0.0/33", "10.0/8", "fd00::/129", "10.0.0.0/8/8", "10.0.0.0/", "10.0.0.0/-1", "example.com", ""])(
    "a list with %j is refused with the entry's text",
    (entry) => {
      expect(() => policyUnder("127.0.0.0/8", entry)).toThrow(`"${entry}" is no entry of EGRESS_ALLOW`);
    },
  );
});
