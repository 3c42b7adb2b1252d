// Ranges of addresses as an operator writes them. Each has one spelling: a text that another tool might read as another
// range is refused.
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export interface Cidr {
  network: ipaddr.IPv4 | ipaddr.IPv6;
  bits: number;
  /** In the one spelling: `10.0.0.0/8`, `fd00::/8`, `192.168.1.7/32`. */
  text: string;
}

/** `remedy` completes a sentence about the text: it says what to write in its place. */
export type CidrReading = { kind: "cidr"; cidr: Cidr } | { kind: "malformed"; remedy: string };

const malformed = (remedy: string): CidrReading => ({ kind: "malformed", remedy });

/** Reads a range, or one address as a range of one. */
export function parseCidr(text: string): CidrReading {
  if (text === "") return malformed("remove the extra comma");
  if (/\s/.test(text)) return malformed(`leave out the blanks: ${text.replaceAll(/\s+/g, "")}`);
  const [ip = "", length, ...rest] = text.split("/");
  const version = ip.includes("%") ? 0 : isIP(ip);
  if (version === 0) return malformed(addressRemedy(ip, text.slice(ip.length)));
  const maxBits = version === 4 ? 32 : 128;
  if (rest.length > 0) return malformed(`write one slash: ${ip}/${length}`);
  if (length !== undefined && (!/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > maxBits)) {
    return malformed(`write a whole number from 0 to ${maxBits} after the slash: ${ip}/${maxBits} is the one address`);
  }
  const bits = length === undefined ? maxBits : Number(length);
  const address = ipaddr.parse(ip);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits > 96) {
    return malformed(`write the IPv4 range itself: ${address.toIPv4Address()}/${bits - 96}`);
  }
  const network = networkOf(address, bits);
  if (network.toString() !== address.toString()) {
    return malformed(`write ${network}/${bits} for the range, or ${address}/${maxBits} for the one address`);
  }
  return { kind: "cidr", cidr: { network, bits, text: `${network}/${bits}` } };
}

function addressRemedy(ip: string, suffix: string): string {
  if (ip.includes("%")) return `leave out the zone: ${ip.split("%", 1)[0]}`;
  // ipaddr.js reads 010.0.0.0 as 8.0.0.0, 127.1 as 127.0.0.1 and 1 as 0.0.0.1; other tools read them in other ways.
  if (/^[0-9a-fx.]*\d[0-9a-fx.]*$/i.test(ip) && !ip.includes(":")) {
    const isDotted = /^\d+(?:\.\d+){3}$/.test(ip);
    const example = isDotted ? `${ip.replaceAll(/\b0+(?=\d)/g, "")}${suffix}` : "such as 10.0.0.0/8";
    return `write the address in four decimal parts without leading zeros, ${example}`;
  }
  return "write a range such as 10.1.0.0/16 or fd00::/8, or a single address";
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): ipaddr.IPv4 | ipaddr.IPv6 {
  const bytes = address.toByteArray();
  return ipaddr.fromByteArray(
    bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff),
  );
}

export function contains({ network, bits }: Cidr, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
