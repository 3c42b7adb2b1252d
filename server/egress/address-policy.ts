// The addresses that an outbound request may reach. Names are resolved elsewhere; each address is judged here.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { contains, parseCidr } from "#server/wire/cidr.ts";
import type { AllowEntry } from "./allow-entry.ts";
import { embeddedIpv4 } from "./embedded-ipv4.ts";
import type { OwnListeners } from "./own-listeners.ts";

/** `reason` names the kind of address ("a loopback address"), never the address itself. `own`: this installation listens there. */
export type AddressVerdict = { kind: "allowed" } | { kind: "blocked"; reason: string } | { kind: "own" };

/** The addresses that one team may reach. */
export interface AddressPolicy {
  /** Tells policies apart: two of the same scope judge alike. */
  readonly scope: string;
  /** Judges one textual IPv4 or IPv6 address; anything else is blocked. */
  check(ip: string, port: number): AddressVerdict;
  /** Judges a name before it is resolved, in lower case and without a trailing dot: its addresses are judged as well. */
  checkName(name: string, port: number): AddressVerdict;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The IANA special-purpose registries (RFC 6890) and the transition mechanisms that could carry an inner IPv4 address. */
const BLOCKED: readonly [cidr: string, reason: string][] = [
  ["0.0.0.0/8", "an unspecified address"],
  ["10.0.0.0/8", "a private address"],
  ["100.64.0.0/10", "a carrier-grade NAT address"],
  ["127.0.0.0/8", "a loopback address"],
  ["169.254.0.0/16", "a link-local address"],
  ["172.16.0.0/12", "a private address"],
  ["192.0.0.0/24", "a reserved address"],
  ["192.0.2.0/24", "a documentation address"],
  ["192.88.99.0/24", "a 6to4 relay address"],
  ["192.168.0.0/16", "a private address"],
  ["198.18.0.0/15", "a benchmarking address"],
  ["198.51.100.0/24", "a documentation address"],
  ["203.0.113.0/24", "a documentation address"],
  ["224.0.0.0/4", "a multicast address"],
  ["240.0.0.0/4", "a reserved address"],
  ["::/128", "an unspecified address"],
  ["::1/128", "a loopback address"],
  ["::/96", "an IPv4-compatible address"],
  ["64:ff9b::/96", "a NAT64 address"],
  ["64:ff9b:1::/48", "a NAT64 address"],
  ["100::/64", "a discard-only address"],
  ["2001::/32", "a Teredo address"],
  ["2001:db8::/32", "a documentation address"],
  ["2002::/16", "a 6to4 address"],
  ["3fff::/20", "a documentation address"],
  ["5f00::/16", "a segment-routing address"],
  ["fc00::/7", "a private address"],
  ["fe80::/10", "a link-local address"],
  ["fec0::/10", "a private address"],
  ["ff00::/8", "a multicast address"],
];

const MAX_KNOWN = 4096;
const ALLOWED: AddressVerdict = { kind: "allowed" };
const OWN: AddressVerdict = { kind: "own" };
const NOT_AN_ADDRESS: AddressVerdict = { kind: "blocked", reason: "not an IP address" };
const BLOCKED_RANGES = BLOCKED.flatMap(([text, reason]) => {
  const read = parseCidr(text);
  return read.kind === "cidr"
    ? [{ cidr: read.cidr, verdict: { kind: "blocked", reason } satisfies AddressVerdict }]
    : [];
});

export interface AddressPolicyOptions {
  scope: string;
  /** The ranges that are open although they are blocked by default, for the team of this policy. */
  opened: readonly AllowEntry[];
  own: OwnListeners;
}

/**
 * Our own listeners are refused first and an opened range last. In between, an IPv6 address that carries an IPv4 address is
 * refused wherever the inner one is: an opened IPv6 range opens no IPv4 address, which only its own range can.
 */
export function makeAddressPolicy({ scope, opened, own }: AddressPolicyOptions): AddressPolicy {
  const judge = (address: Address, port: number): AddressVerdict => {
    if (own.hasAddress(address, port)) return OWN;
    const { inner, isTransparent } = embeddedIpv4(address);
    for (const each of inner) {
      const verdict = judge(each, port);
      if (verdict.kind !== "allowed") return verdict;
    }
    if (isTransparent || opened.some((entry) => opens(entry, address, port))) return ALLOWED;
    return BLOCKED_RANGES.find(({ cidr }) => contains(cidr, address))?.verdict ?? ALLOWED;
  };

  const checkNow = (ip: string, port: number): AddressVerdict => {
    // A resolver may append a zone (fe80::1%eth0); it names an interface and changes nothing about the range.
    const bare = ip.split("%", 1)[0] ?? "";
    // ipaddr.js also reads short, octal and hex forms, which the system might read differently.
    return isIP(bare) === 0 ? NOT_AN_ADDRESS : judge(ipaddr.parse(bare), port);
  };

  const known = new Map<string, AddressVerdict>();
  return {
    scope,
    check(ip, port) {
      if (own.listensHere(port)) return checkNow(ip, port);
      // Each send asks, mostly for the same few addresses, and one judgement costs up to 7 µs.
      const key = `${ip} ${port}`;
      let verdict = known.get(key);
      if (!verdict) {
        verdict = checkNow(ip, port);
        if (known.size >= MAX_KNOWN) known.clear();
        known.set(key, verdict);
      }
      return verdict;
    },
    checkName: (name, port) => (own.hasName(name, port) ? OWN : ALLOWED),
  };
}

const opens = ({ cidr, port }: AllowEntry, address: Address, to: number) =>
  (port === null || port === to) && contains(cidr, address);
