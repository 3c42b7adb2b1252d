// Who sent a request and under which public URL, seen through the proxies that are trusted and no others.
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { originForm } from "./arrival-target.ts";

export interface Sender {
  ip: string;
  /** The URL as the producer called it; some providers sign it. */
  url: string;
}

/** Whose share of the door's room a request takes: an address, or the /64 of an IPv6 address, which one sender has whole. */
export function senderKey(ip: string): string {
  if (!ip.includes(":") || !ipaddr.IPv6.isValid(ip)) return ip;
  return ipaddr.IPv6.parse(ip).parts.slice(0, 4).join(":");
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** @param trustedProxies CIDRs whose `X-Forwarded-*` headers are believed */
export function makeSenderReader(
  trustedProxies: string[],
  publicGatewayUrl: string,
): (request: IncomingMessage) => Sender {
  const ranges = trustedProxies.map((cidr) => ipaddr.parseCIDR(cidr) as Range);
  const verdicts = new Map<string, boolean>();

  function isTrusted(ip: string): boolean {
    const known = verdicts.get(ip);
    if (known !== undefined) return known;
    const verdict = ipaddr.isValid(ip) && ranges.some((range) => contains(range, ipaddr.process(ip)));
    if (verdicts.size > 10_000) verdicts.clear();
    verdicts.set(ip, verdict);
    return verdict;
  }

  return (request) => {
    const peer = plainIp(request.socket.remoteAddress ?? "");
    const target = originForm(request.url ?? "/");
    if (!isTrusted(peer)) return { ip: peer, url: publicGatewayUrl + target };
    const proto = first(request.headers["x-forwarded-proto"]);
    const host = first(request.headers["x-forwarded-host"]);
    const origin = host && (proto === "http" || proto === "https") ? `${proto}://${host}` : publicGatewayUrl;
    return { ip: forwardedFor(request, peer, isTrusted), url: origin + target };
  };
}

/** Each trusted proxy appended who called it: the sender is the right-most address that is not one of them. */
function forwardedFor(request: IncomingMessage, peer: string, isTrusted: (ip: string) => boolean): string {
  const header = request.headers["x-forwarded-for"];
  // Most requests came through no proxy, and asking whether nothing is an address costs a thrown error.
  if (header === undefined) return peer;
  const hops = String(header)
    .split(",")
    .map((hop) => plainIp(hop.trim()))
    .filter((hop) => ipaddr.isValid(hop));
  return hops.findLast((hop) => !isTrusted(hop)) ?? hops[0] ?? peer;
}

function first(value: string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : String(value).split(",", 1)[0]?.trim().toLowerCase();
}
const plainIp = (ip: string) => (ip.startsWith("::ffff:") && ip.includes(".") ? ip.slice(7) : ip);

function contains([network, bits]: Range, ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return network.kind() === ip.kind() && ip.match(network, bits);
}
