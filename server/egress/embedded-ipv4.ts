// IPv6 addresses that lead to an IPv4 address. Both the address and the one inside it are judged.
import ipaddr from "ipaddr.js";
import { contains, parseCidr } from "#server/wire/cidr.ts";

type Reader = (bytes: number[]) => number[][];

const range = (text: string) => {
  const read = parseCidr(text);
  if (read.kind === "malformed") throw new Error(`${text}: ${read.remedy}`);
  return read.cidr;
};
const last: Reader = (bytes) => [bytes.slice(12)];

/** RFC 4291 IPv4-mapped and RFC 2765 IPv4-translated: the kernel reaches the inner address and nothing else. */
const TRANSPARENT = ["::ffff:0:0/96", "::ffff:0:0:0/96"].map(range);

const CARRIERS: [cidr: ReturnType<typeof range>, read: Reader][] = [
  ...TRANSPARENT.map((cidr): [typeof cidr, Reader] => [cidr, last]),
  // RFC 4291 IPv4-compatible; `::` and `::1` are none.
  [
    range("::/96"),
    (bytes) => (bytes.slice(0, 15).some((byte) => byte !== 0) || (bytes[15] ?? 0) > 1 ? last(bytes) : []),
  ],
  // RFC 6052 NAT64.
  [range("64:ff9b::/96"), last],
  // RFC 8215 local NAT64: each of the lengths of RFC 6052 that fit may be in use. A zero net is padding, not an address.
  [range("64:ff9b:1::/48"), (bytes) => readingsOfNat64(bytes).filter(([first]) => first !== 0)],
  // RFC 3056 6to4.
  [range("2002::/16"), (bytes) => [bytes.slice(2, 6)]],
  // RFC 4380 Teredo: the server, and the client with its bits turned over.
  [range("2001::/32"), (bytes) => [bytes.slice(4, 8), bytes.slice(12).map((byte) => byte ^ 0xff)]],
];

function readingsOfNat64(bytes: number[]): number[][] {
  const pick = (...at: number[]) => at.map((index) => bytes[index] ?? 0);
  return [pick(6, 7, 9, 10), pick(7, 9, 10, 11), pick(9, 10, 11, 12), pick(12, 13, 14, 15)];
}

/** RFC 5214 ISATAP, below any prefix. */
const isIsatap = (bytes: number[]) =>
  bytes[8] !== undefined && (bytes[8] & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;

export interface EmbeddedIpv4 {
  inner: ipaddr.IPv4[];
  /** Whether the address is another spelling of its inner one. */
  isTransparent: boolean;
}

/** The IPv4 addresses inside an address; none for an IPv4 address. */
export function embeddedIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): EmbeddedIpv4 {
  if (address instanceof ipaddr.IPv4) return { inner: [], isTransparent: false };
  const bytes = address.toByteArray();
  const readings = CARRIERS.flatMap(([cidr, read]) => (contains(cidr, address) ? read(bytes) : []));
  if (isIsatap(bytes)) readings.push(...last(bytes));
  return {
    inner: readings.map((octets) => new ipaddr.IPv4(octets)),
    isTransparent: TRANSPARENT.some((cidr) => contains(cidr, address)),
  };
}
