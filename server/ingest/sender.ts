// The sender of a request and its public URL, seen through trusted proxies and no others.
import type { IncomingMessage } from "node:http";
import { makeCallerReader } from "#server/wire/caller-address.ts";
import { originForm } from "./arrival-target.ts";

export interface Sender {
  ip: string;
  /** The URL as the producer called it, which some providers sign; several where proxies leave open which it was. */
  urls: readonly string[];
}

/** @param trustedProxies CIDRs whose `X-Forwarded-*` headers are believed */
export function makeSenderReader(
  trustedProxies: string[],
  publicGatewayUrl: string,
): (request: IncomingMessage) => Sender {
  const readCaller = makeCallerReader(trustedProxies);
  return (request) => {
    const { ip, isFromProxy } = readCaller(request);
    const target = originForm(request.url ?? "/");
    return {
      ip,
      urls: (isFromProxy ? originsBehindProxy(request, publicGatewayUrl) : [publicGatewayUrl]).map(
        (origin) => origin + target,
      ),
    };
  };
}

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * The origins at which a trusted proxy may have been called, the likeliest first. Proxies name it in one to three headers.
 * Some leave `Host` as it came and others put our own address there, so more than one origin is possible.
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

function first(value: string | string[] | undefined): string | undefined {
  return value === undefined ? undefined : String(value).split(",", 1)[0]?.trim().toLowerCase();
}
