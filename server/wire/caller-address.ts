// The address of a caller, seen through trusted proxies and no others.
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";

/** A caller's key: an address, or the /64 of an IPv6 address, all of which one caller has. */
export function callerKey(ip: string): string {
  if (!ip.includes(":") || !ipaddr.IPv6.isValid(ip)) return ip;
  return ipaddr.IPv6.parse(ip).parts.slice(0, 4).join(":");
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

export interface Caller {
  ip: string;
  /** Whether a trusted proxy handed the request on: only then its `X-Forwarded-*` says anything. */
  isFromProxy: boolean;
}

export type ReadCaller = (request: Pick<IncomingMessage, "headers" | "socket">) => Caller;

/** @param trustedProxies CIDRs whose `X-Forwarded-*` headers are believed */
export function makeCallerReader(trustedProxies: string[]): ReadCaller {
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
    const isFromProxy = isTrusted(peer);
    return { ip: isFromProxy ? forwardedFor(request, peer, isTrusted) : peer, isFromProxy };
  };
}

/**
 * Reads `X-Forwarded-For`, to which each trusted proxy appends its caller: the right-most address that is no proxy of ours.
 */
function forwardedFor(
  request: Pick<IncomingMessage, "headers">,
  peer: string,
  isTrusted: (ip: string) => boolean,
): string {
  const header = request.headers["x-forwarded-for"];
  // Most requests came through no proxy, and asking whether nothing is an address costs a thrown error.
  if (header === undefined) return peer;
  const hops = String(header)
    .split(",")
    .map((hop) => plainIp(hop.trim()))
    .filter((hop) => ipaddr.isValid(hop));
  return hops.findLast((hop) => !isTrusted(hop)) ?? hops[0] ?? peer;
}

const plainIp = (ip: string) => (ip.startsWith("::ffff:") && ip.includes(".") ? ip.slice(7) : ip);

function contains([network, bits]: Range, ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return network.kind() === ip.kind() && ip.match(network, bits);
}
