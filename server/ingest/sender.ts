// Who sent a request and under which public URL, seen through the proxies that are trusted and no others.
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import { originForm } from "./arrival-target.ts";

export interface Sender {
  ip: string;
  /** The URL as the producer called it, which some providers sign; several where proxies leave open which it was. */
  urls: readonly string[];
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
    const isFromProxy = isTrusted(peer);
    return {
      ip: isFromProxy ? forwardedFor(request, peer, isTrusted) : peer,
      urls: (isFromProxy ? originsBehindProxy(request, publicGatewayUrl) : [publicGatewayUrl]).map(
        (origin) => origin + target,
      ),
    };
  };
}

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * Where a trusted proxy was called, the likeliest first. Proxies say it with one to three headers, and some leave `Host` as it
 * came while others put our own address there, so more than one may be meant.
 */
function originsBehindProxy({ headers }: IncomingMessage, publicGatewayUrl: string): string[] {
  const sentProto = first(headers["x-forwarded-proto"]);
  const proto = sentProto === "http" || sentProto === "https" ? sentProto : undefined;
  const forwardedHost = first(headers["x-forwarded-host"]);
  if (proto === undefined && forwardedHost === undefined) return [publicGatewayUrl];
  const host = forwardedHost ?? first(headers.host) ?? "";
  if (!HOST.test(host)) return [publicGatewayUrl];
  const scheme = proto ?? (publicGatewayUrl.startsWith("http:") ? "http" : "https");
  const port = first(headers["x-forwarded-port"]) ?? "";
  const isTold = /^\d{1,5}$/.test(port) && port !== (scheme === "https" ? "443" : "80") && !/:\d+$/.test(host);
  return [...new Set([...(isTold ? [`${scheme}://${host}:${port}`] : []), `${scheme}://${host}`, publicGatewayUrl])];
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
