// The forwarder: /v1, /mcp and /e on the dashboard's port reach the gateway as if they had been sent to it, so one origin is
// enough. docs/decisions/016-strangers-at-the-dashboards-port.md
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import { pipeline } from "node:stream";
import { HOP_BY_HOP, namedByConnection } from "#server/contracts/hop-by-hop.ts";
import { isCookieHeader, withoutOwnCookies } from "#server/wire/own-cookies.ts";
import { AS_DOWNLOAD, inertType, STRANGERS_BYTES_HEADERS } from "#server/wire/strangers-bytes.ts";
import { type Framing, readFraming, valuesOf } from "./framing.ts";
import { GatewayAgent } from "./gateway-agent.ts";

/** This server has answered it already. */
const EXPECT = "expect";
const FORWARDED = new Set(["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"]);
const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH"]);
const RETRY_AFTER_S = 1;

export interface ForwardOptions {
  gatewayHost: string;
  gatewayPort: number;
  /** CIDRs whose `X-Forwarded-*` is believed; of anyone else they are replaced. */
  trustedProxies: string[];
}

export interface Forwarder {
  forward(req: IncomingMessage, res: ServerResponse): void;
  close(): void;
}

export const isForwardedPath = (url: string) =>
  url.startsWith("/v1/") || url.startsWith("/e/") || /^\/(?:v1|mcp)(?:\?|$)/.test(url);

/** Name and value pairs of a flat `rawHeaders` list. */
function* pairs(rawHeaders: string[]): Generator<[name: string, value: string]> {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) yield [rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""];
}

/**
 * `rawHeaders` in their order, case and number, without what is meant for one hop only, without `dropped` and without the
 * dashboard's own cookies.
 * Content-Length stays whatever `Connection` says: without it a body would end somewhere else.
 */
export function endToEndHeaders(rawHeaders: string[], dropped: ReadonlySet<string> = new Set()): string[] {
  const named = namedByConnection(valuesOf(rawHeaders, "connection"));
  const kept: string[] = [];
  for (const [name, value] of pairs(rawHeaders)) {
    const key = name.toLowerCase();
    const isOfOneHop = HOP_BY_HOP.has(key) || key === EXPECT || (named.has(key) && key !== "content-length");
    if (isOfOneHop || dropped.has(key)) continue;
    const passed = isCookieHeader(key) ? withoutOwnCookies(value) : value;
    if (passed !== undefined) kept.push(name, passed);
  }
  return kept;
}

/** Whether an address lies in one of the CIDRs. An IPv4 address mapped into IPv6 counts as the IPv4 address. */
export function makeAddressTest(cidrs: string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits = ""] = cidr.split("/");
    list.addSubnet(network, Number(bits), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return (address) => list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** The headers that the gateway gets for `req`, as a flat list. A body is framed as it came, whatever the method. */
export function gatewayHeaders(
  req: IncomingMessage,
  framing: Framing,
  isTrusted: (address: string) => boolean,
): string[] {
  const peer = req.socket.remoteAddress ?? "";
  const believed = isTrusted(peer);
  const given = (name: string) => (believed ? req.headers[name] : undefined);
  const forwardedFor = [given("x-forwarded-for"), peer].filter(Boolean).join(", ");
  const headers = endToEndHeaders(req.rawHeaders, FORWARDED);
  // HTTP/1.0 may do without one, HTTP/1.1 to the gateway may not.
  if (req.headers.host === undefined) headers.push("Host", "");
  headers.push("X-Forwarded-For", forwardedFor);
  headers.push("X-Forwarded-Proto", String(given("x-forwarded-proto") ?? "http"));
  headers.push("X-Forwarded-Host", String(given("x-forwarded-host") ?? req.headers.host ?? ""));
  if (framing.kind === "chunked") headers.push("Transfer-Encoding", "chunked");
  else if (framing.kind === "none" && METHODS_WITH_BODY.has(req.method ?? "")) headers.push("Content-Length", "0");
  return headers;
}

/** A sentence as the REST API says it. The rest of a body that has not come yet is not read. */
function answerError(
  res: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify({ error: { code, message } });
  res.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    ...STRANGERS_BYTES_HEADERS,
    ...headers,
    connection: "close",
  });
  res.end(body);
}

function answerUnavailable(res: ServerResponse): void {
  const message = `The gateway is not reachable; try again in ${RETRY_AFTER_S} s.`;
  answerError(res, 503, "UNAVAILABLE", message, { "retry-after": String(RETRY_AFTER_S) });
}

/** The readable reference: its pages and scripts are ours. Every other answer may hold what a stranger or another team chose. */
const isReference = (path: string) => /^\/v1\/docs(?:[/?]|$)/.test(path);

/** The headers of an answer that may be a stranger's, so that it can do nothing on the dashboard's origin. */
function harmlessHeaders(headers: string[]): string[] {
  const isActive = valuesOf(headers, "content-type").some((type) => inertType(type) === null);
  const replaced = { ...STRANGERS_BYTES_HEADERS, ...(isActive && AS_DOWNLOAD) };
  const kept = [...pairs(headers)].filter(([name]) => !(name.toLowerCase() in replaced));
  return [...kept, ...Object.entries(replaced)].flat();
}

function relayAnswer(upstream: IncomingMessage, res: ServerResponse, path: string): void {
  const headers = endToEndHeaders(upstream.rawHeaders);
  res.sendDate = false;
  // An answer to a body that has not ended is the last one on its connection, as it is at the gateway.
  if (!res.req.complete) res.shouldKeepAlive = false;
  const served = isReference(path) ? headers : harmlessHeaders(headers);
  res.writeHead(upstream.statusCode ?? 502, upstream.statusMessage, served);
  // A cut on either side is passed on as a cut: half an answer must not look like a whole one.
  pipeline(upstream, res, () => {});
}

/**
 * Writes the body with exactly its announced length. When it ends otherwise the connection to the gateway is cut, because
 * the gateway would take the next caller's request for the rest of this body.
 */
function relayBody(req: IncomingMessage, outgoing: ClientRequest, framing: Framing): void {
  if (framing.kind === "none") {
    outgoing.end();
    return;
  }
  let bytes = 0;
  req.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (framing.kind === "sized" && bytes > framing.bytes) outgoing.destroy();
    else if (!outgoing.write(chunk)) {
      req.pause();
      outgoing.once("drain", () => req.resume());
    }
  });
  req.on("end", () => {
    if (framing.kind === "sized" && bytes !== framing.bytes) outgoing.destroy();
    else outgoing.end();
  });
  req.on("error", () => outgoing.destroy());
}

/** Streams requests to the gateway and its answers back, byte for byte, over kept-alive connections. */
export function makeForwarder({ gatewayHost, gatewayPort, trustedProxies }: ForwardOptions): Forwarder {
  const agent = new GatewayAgent();
  const isTrusted = makeAddressTest(trustedProxies);

  function forward(req: IncomingMessage, res: ServerResponse): void {
    const framing = readFraming(req);
    if (framing.kind === "refused") {
      answerError(res, 400, "BAD_REQUEST", framing.message);
      return;
    }
    const path = req.url ?? "/";
    const outgoing: ClientRequest = request({
      host: gatewayHost,
      port: gatewayPort,
      agent,
      method: req.method,
      path,
      headers: gatewayHeaders(req, framing, isTrusted),
      setHost: false,
    });
    if (framing.kind !== "none" && !METHODS_WITH_BODY.has(req.method ?? "")) agent.spend(outgoing);
    outgoing.on("response", (upstream) => {
      if (!outgoing.writableFinished) agent.spend(outgoing);
      relayAnswer(upstream, res, path);
    });
    outgoing.on("error", () => {
      if (!res.headersSent && !res.destroyed) answerUnavailable(res);
      else res.destroy();
    });
    // An aborted body must not reach the gateway as a finished one.
    res.on("close", () => {
      if (!res.writableFinished) outgoing.destroy();
    });
    relayBody(req, outgoing, framing);
  }

  return { forward, close: () => agent.destroy() };
}
