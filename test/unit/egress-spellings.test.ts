// Private addresses in generated spellings: none is allowed, and the generator itself is held to what it claims.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkUrl } from "#server/egress/url-policy.ts";
import {
  CLOSED_IPV4,
  CLOSED_IPV6,
  carriedIpv4,
  OPEN_IPV4,
  type Spelled,
  spelledClosed,
  spelledIpv4,
  spelledIpv6,
} from "#test/support/address-spellings.ts";
import { policyUnder } from "#test/support/egress-policy.ts";
import { cases, SEED } from "#test/support/generation.ts";

const policy = policyUnder();
const codeOf = (text: string, using = policy) => {
  const verdict = checkUrl(text, using);
  return verdict.kind === "ok" ? "ok" : verdict.code;
};
const rest = fc.constantFrom("/", "", ":8080/hook", "/?x=http://8.8.8.8/", "/#@8.8.8.8", ":443");
const schemes = fc.constantFrom("http://", "https://", "HTTP://", "http:/", "http:", "https:///");

describe("every spelling of every closed address is refused", () => {
  test("as the host of a URL, whatever stands around it", () => {
    fc.assert(
      fc.property(schemes, spelledClosed, rest, (scheme, { host }, after) => {
        expect(codeOf(`${scheme}${host}${after}`)).toBe("BLOCKED_ADDRESS");
      }),
      cases(1_500),
    );
  });

  test("also with a zone", () => {
    const zone = fc.constantFrom("%25eth0", "%eth0", "%251", "%25");
    fc.assert(
      fc.property(zone, fc.oneof(spelledIpv6(CLOSED_IPV6), carriedIpv4(CLOSED_IPV4)), (name, { host }) => {
        expect(codeOf(`http://${host.replace("]", `${name}]`)}/`)).not.toBe("ok");
      }),
      cases(100),
    );
  });

  test("also with user info, behind a backslash, or after what a parser drops", () => {
    const broken = fc.constantFrom(
      ({ host }: Spelled) => `http://8.8.8.8@${host}/`,
      ({ host }: Spelled) => `http://${host}@8.8.8.8/`,
      ({ host }: Spelled) => `http://8.8.8.8\\@${host}/`,
      ({ host }: Spelled) => `http:\\\\${host}/`,
      ({ host }: Spelled) => `\u0000http://${host}/`,
    );
    fc.assert(
      fc.property(broken, spelledClosed, (write, spelled) => {
        expect(codeOf(write(spelled))).toBe("INVALID_URL");
      }),
      cases(200),
    );
  });

  test("and an entry of EGRESS_ALLOW opens its own range alone, in every spelling", () => {
    const open = policyUnder("10.1.0.0/16");
    fc.assert(
      fc.property(fc.oneof(spelledIpv4(["10.1.0.0/16"]), carriedIpv4(["10.1.0.0/16"])), ({ host }) => {
        // An address inside one that translates is open only where both are.
        if (codeOf(`http://${host}/`, open) !== "ok") expect(host).toMatch(/^\[(::\d|64:|2002|2001)/);
      }),
      cases(200),
    );
    fc.assert(
      fc.property(spelledIpv4(["10.2.0.0/15", "10.0.0.0/16", "172.16.0.0/12"]), ({ host }) => {
        expect(codeOf(`http://${host}/`, open)).toBe("BLOCKED_ADDRESS");
      }),
      cases(200),
    );
  });
});

describe("the generator", () => {
  test("spells addresses that a URL parser reads as the ones that are meant", () => {
    fc.assert(
      fc.property(spelledIpv4([...CLOSED_IPV4, ...OPEN_IPV4]), ({ host, bytes }) => {
        expect(new URL(`http://${host}/`).hostname).toBe(bytes.join("."));
      }),
      cases(500),
    );
    fc.assert(
      fc.property(spelledIpv6(CLOSED_IPV6), ({ host, bytes }) => {
        const plain = Array.from({ length: 8 }, (_, at) =>
          (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
        );
        expect(new URL(`http://${host}/`).hostname).toBe(new URL(`http://[${plain.join(":")}]/`).hostname);
      }),
      cases(500),
    );
  });

  test("of public addresses makes none that is refused, so that a refusal says something", () => {
    fc.assert(
      fc.property(spelledIpv4(OPEN_IPV4), ({ host }) => {
        expect(codeOf(`http://${host}/`)).toBe("ok");
      }),
      cases(300),
    );
  });

  test.each([...CLOSED_IPV4, ...CLOSED_IPV6])("finds an opened %s within the cases of a run", (range) => {
    const leaky = policyUnder(range);
    const found = fc.check(
      fc.property(spelledClosed, ({ host }) => codeOf(`http://${host}/`, leaky) !== "ok"),
      { ...cases(1_500), seed: SEED ?? 18, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
