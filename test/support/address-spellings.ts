// Spellings of addresses: a random address of a range, written in a random way that URL parsers or resolvers know.
import fc from "fast-check";

/** No address inside may be reached: the list of the promise, not of the code that keeps it. */
export const CLOSED_IPV4 =
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`
    .trim()
    .split(/\s+/);
export const CLOSED_IPV6 =
  `::/128 ::1/128 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32 3fff::/20 2002::/16
  5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8`
    .trim()
    .split(/\s+/);
/** Public services of everybody; who is asked for is never called. */
export const OPEN_IPV4 = ["1.1.1.0/24", "8.8.8.0/24", "93.184.216.0/24"];

/** A host with the address that it spells, as numbers of eight bits. */
export interface Spelled {
  host: string;
  bytes: number[];
}

const groupsOf = (text: string): number[] => {
  const [head = "", tail] = text.split("::");
  const read = (part: string | undefined) => (part ? part.split(":").map((group) => Number.parseInt(group, 16)) : []);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
};

/** A random address of a range, as bytes. */
function addressIn(cidr: string): fc.Arbitrary<number[]> {
  const [text = "", bits] = cidr.split("/");
  const first = text.includes(":")
    ? groupsOf(text).flatMap((group) => [group >> 8, group & 0xff])
    : text.split(".").map(Number);
  const fixed = (at: number) => Math.min(8, Math.max(0, Number(bits) - at * 8));
  const byte = fc.oneof(fc.constantFrom(0, 1, 255), fc.integer({ min: 0, max: 255 }));
  return fc
    .tuple(...first.map(() => byte))
    .map((random) =>
      first.map((value, at) => (value & (0xff << (8 - fixed(at)))) | ((random[at] ?? 0) & (0xff >> fixed(at)))),
    );
}

const RADIXES: ((value: number, zeros: number) => string)[] = [
  (value) => String(value),
  (value, zeros) => `0${"0".repeat(zeros)}${value.toString(8)}`,
  (value, zeros) => `0x${"0".repeat(zeros)}${value.toString(16)}`,
  (value, zeros) => `0X${"0".repeat(zeros)}${value.toString(16).toUpperCase()}`,
];

/** One to four numbers, the last of which holds what is left, each in a radix of its own. */
function numbersOf(bytes: number[]): fc.Arbitrary<string> {
  const radix = fc.tuple(fc.constantFrom(...RADIXES), fc.integer({ min: 0, max: 3 }));
  return fc.tuple(fc.integer({ min: 0, max: 3 }), fc.tuple(radix, radix, radix, radix)).map(([leading, radixes]) => {
    const rest = bytes.slice(leading).reduce((sum, byte) => sum * 256 + byte, 0);
    return [...bytes.slice(0, leading), rest]
      .map((value, at) => {
        const [write, zeros] = radixes[at] ?? radixes[0];
        return write(value, zeros);
      })
      .join(".");
  });
}

const CIRCLED = [..."⓪①②③④⑤⑥⑦⑧⑨"];
/** Letters and digits that a URL parser reads as those of ASCII. */
const DISGUISES: ((character: string) => string)[] = [
  (character) => character,
  (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0),
  (character) => CIRCLED[Number(character)] ?? character,
  (character) => (/\d/.test(character) ? String.fromCodePoint(0x1d7ce + Number(character)) : character),
  (character) => (/\d/.test(character) ? String.fromCodePoint(0x1d7f6 + Number(character)) : character),
  (character) => `%${(character.codePointAt(0) ?? 0).toString(16)}`,
  (character) => [...Buffer.from(DISGUISES[1]?.(character) ?? "")].map((byte) => `%${byte.toString(16)}`).join(""),
];
const STOPS = [".", ".", "。", "．", "｡", "%2e", "%2E", "%e3%80%82", "%EF%BC%8E"];

function disguised(text: string): fc.Arbitrary<string> {
  const characters = [...text];
  const choice = fc.tuple(fc.constantFrom(...DISGUISES), fc.constantFrom(...STOPS));
  const choices = fc.array(choice, { minLength: characters.length, maxLength: characters.length });
  return fc.tuple(fc.boolean(), choices, fc.constantFrom("", "", ".", "。", "%2e")).map(([isPlain, chosen, end]) => {
    const written = characters.map((character, at) => {
      const [disguise, stop] = chosen[at] ?? [];
      if (isPlain || !disguise || !stop) return character;
      return character === "." ? stop : disguise(character);
    });
    return written.join("") + end;
  });
}

const hex = (bytes: number[], at: number) => (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16);
const pairs = (bytes: number[]) => `${hex(bytes, 0)}:${hex(bytes, 2)}`;

/** An IPv4 address inside an IPv6 one. */
const CARRIERS: ((bytes: number[]) => string)[] = [
  (bytes) => `::ffff:${bytes.join(".")}`,
  (bytes) => `::ffff:${pairs(bytes)}`,
  (bytes) => `::FFFF:0:${pairs(bytes)}`,
  (bytes) => `0:0:0:0:0:ffff:${bytes.join(".")}`,
  (bytes) => `0000:0000:0000:0000:ffff:0000:${pairs(bytes)}`,
  (bytes) => `::${bytes.join(".")}`,
  (bytes) => `64:ff9b::${bytes.join(".")}`,
  (bytes) => `64:ff9b:1::${pairs(bytes)}`,
  (bytes) => `2002:${pairs(bytes)}::1`,
  (bytes) => `2001:0:808:808::${pairs(bytes.map((byte) => byte ^ 0xff))}`,
  (bytes) => `2606:4700::5efe:${pairs(bytes)}`,
];

/** An IPv6 address in one of the ways of RFC 4291: full, with zeros, in capitals, shortened at any run, with a dotted end. */
function groupedOf(bytes: number[]): fc.Arbitrary<string> {
  const groups = Array.from({ length: 8 }, (_, at) => hex(bytes, at * 2));
  return fc
    .record({
      isPadded: fc.boolean(),
      isUpper: fc.boolean(),
      isDotted: fc.boolean(),
      from: fc.nat(7),
      length: fc.nat(8),
    })
    .map(({ isPadded, isUpper, isDotted, from, length }) => {
      const written = groups.map((group) => (isPadded ? group.padStart(4, "0") : group));
      if (isDotted) written.splice(6, 2, bytes.slice(12).join("."));
      const until = Math.min(from + length, written.length);
      const isZero = until - from > 1 && written.slice(from, until).every((group) => /^0+$/.test(group));
      const text = isZero
        ? `${written.slice(0, from).join(":")}::${written.slice(until).join(":")}`
        : written.join(":");
      return isUpper ? text.toUpperCase() : text;
    });
}

/** IPv4 addresses of these ranges in every spelling, but for those inside an IPv6 address. */
export const spelledIpv4 = (ranges: string[]): fc.Arbitrary<Spelled> =>
  fc
    .constantFrom(...ranges)
    .chain(addressIn)
    .chain((bytes) =>
      numbersOf(bytes)
        .chain(disguised)
        .map((host) => ({ host, bytes })),
    );

/** IPv4 addresses of these ranges inside IPv6 addresses. */
export const carriedIpv4 = (ranges: string[]): fc.Arbitrary<Spelled> =>
  fc
    .constantFrom(...ranges)
    .chain(addressIn)
    .chain((bytes) => fc.constantFrom(...CARRIERS).map((carry) => ({ host: `[${carry(bytes)}]`, bytes })));

/** IPv6 addresses of these ranges in every spelling. */
export const spelledIpv6 = (ranges: string[]): fc.Arbitrary<Spelled> =>
  fc
    .constantFrom(...ranges)
    .chain(addressIn)
    .chain((bytes) => groupedOf(bytes).map((text) => ({ host: `[${text}]`, bytes })));

/** Every spelling of every address that is closed. */
export const spelledClosed: fc.Arbitrary<Spelled> = fc.oneof(
  { weight: 3, arbitrary: spelledIpv4(CLOSED_IPV4) },
  { weight: 1, arbitrary: carriedIpv4(CLOSED_IPV4) },
  { weight: 1, arbitrary: spelledIpv6(CLOSED_IPV6) },
);
