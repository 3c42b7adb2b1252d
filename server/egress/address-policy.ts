// Which addresses an outbound request may reach. Pure: names are resolved elsewhere, every address is judged here.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** `reason` names the kind of address ("a loopback address"), never the address itself. */
export type AddressVerdict = { kind: "allowed" } | { kind: "blocked"; reason: string };

export interface AddressPolicy {
  /** Judges one textual IPv4 or IPv6 address; anything else is blocked. */
  check(ip: string): AddressVerdict;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = { network: Address; bits: number };

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
const NOT_AN_ADDRESS: AddressVerdict = { kind: "blocked", reason: "not an IP address" };
const BLOCKED_RANGES = BLOCKED.map(([cidr, reason]) => ({
  range: parseRange(cidr),
  verdict: { kind: "blocked", reason } satisfies AddressVerdict,
}));
/** RFC 4291 IPv4-mapped and RFC 2765 IPv4-translated: the kernel reaches the inner address, so that is what is judged. */
const IPV4_CARRIERS = ["::ffff:0:0/96", "::ffff:0:0:0/96"].map(parseRange);

/**
 * @param allowCidrs ranges that are opened although they are blocked by default: `10.1.0.0/16`, `fd00::/8`, or one address.
 * @throws Error naming the first entry that is not a CIDR.
 */
export function makeAddressPolicy(allowCidrs: readonly string[]): AddressPolicy {
  const opened = allowCidrs.map(parseRange);

  const judge = (address: Address): AddressVerdict => {
    if (opened.some((range) => contains(range, address))) return ALLOWED;
    const inner = innerAddress(address);
    if (inner) return judge(inner);
    return BLOCKED_RANGES.find(({ range }) => contains(range, address))?.verdict ?? ALLOWED;
  };

  const checkNow = (ip: string): AddressVerdict => {
    // A resolver may append a zone (fe80::1%eth0); it names an interface and changes nothing about the range.
    const bare = ip.split("%", 1)[0] ?? "";
    // ipaddr.js also reads short, octal and hex forms, which the system might read differently.
    return isIP(bare) === 0 ? NOT_AN_ADDRESS : judge(ipaddr.parse(bare));
  };

  const known = new Map<string, AddressVerdict>();
  return {
    check(ip) {
      // Each send asks, mostly for the same few addresses, and one judgement costs up to 7 µs.
      let verdict = known.get(ip);
      if (!verdict) {
        verdict = checkNow(ip);
        if (known.size >= MAX_KNOWN) known.clear();
        known.set(ip, verdict);
      }
      return verdict;
    },
  };
}

function parseRange(text: string): Range {
  const [ip = "", bits, ...rest] = text.split("/");
  const version = isIP(ip);
  const maxBits = version === 4 ? 32 : 128;
  const length = bits === undefined ? maxBits : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(length <= maxBits)) {
    throw new Error(`"${text}" is not a CIDR. Use a range such as 10.1.0.0/16 or fd00::/8, or a single address.`);
  }
  return { network: ipaddr.parse(ip), bits: length };
}

function contains(range: Range, address: Address): boolean {
  if (address instanceof ipaddr.IPv4) {
    return range.network instanceof ipaddr.IPv4 && address.match(range.network, range.bits);
  }
  return range.network instanceof ipaddr.IPv6 && address.match(range.network, range.bits);
}

function innerAddress(address: Address): ipaddr.IPv4 | null {
  if (address instanceof ipaddr.IPv4 || !IPV4_CARRIERS.some((range) => contains(range, address))) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}
