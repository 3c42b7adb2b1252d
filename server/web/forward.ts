// One origin is enough: /v1 and /e on the dashboard's port reach the gateway as if they had been sent to it.
import { Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import { pipeline } from "node:stream";

/** RFC 9110 §7.6.1, and `expect`, which this server has already answered itself. */
const HOP_BY_HOP = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
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
  url.startsWith("/v1/") || url.startsWith("/e/") || /^\/v1(?:\?|$)/.test(url);

/** Name and value pairs of a flat `rawHeaders` list. */
function* pairs(rawHeaders: string[]): Generator<[name: string, value: string]> {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) yield [rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""];
}

/** The header names that `Connection` declares to be meant for this hop only. */
function namedByConnection(rawHeaders: string[]): Set<string> {
  const names = new Set<string>();
  for (const [name, value] of pairs(rawHeaders)) {
    if (name.toLowerCase() !== "connection") continue;
    for (const part of value.split(",")) names.add(part.trim().toLowerCase());
  }
  return names;
}

/** `rawHeaders` in their order, case and number, without what is meant for one hop only and without `dropped`. */
export function endToEndHeaders(rawHeaders: string[], dropped: ReadonlySet<string> = new Set()): string[] {
  const named = namedByConnection(rawHeaders);
  const kept: string[] = [];
  for (const [name, value] of pairs(rawHeaders)) {
    const key = name.toLowerCase();
    if (!HOP_BY_HOP.has(key) && !named.has(key) && !dropped.has(key)) kept.push(name, value);
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

/** The headers that the gateway gets for `req`, as a flat list. */
export function gatewayHeaders(req: IncomingMessage, isTrusted: (address: string) => boolean): string[] {
  const peer = req.socket.remoteAddress ?? "";
  const believed = isTrusted(peer);
  const given = (name: string) => (believed ? req.headers[name] : undefined);
  const forwardedFor = [given("x-forwarded-for"), peer].filter(Boolean).join(", ");
  const headers = endToEndHeaders(req.rawHeaders, FORWARDED);
  headers.push("X-Forwarded-For", forwardedFor);
  headers.push("X-Forwarded-Proto", String(given("x-forwarded-proto") ?? "http"));
  headers.push("X-Forwarded-Host", String(given("x-forwarded-host") ?? req.headers.host ?? ""));
  // A body keeps the kind of framing it came with; Node would frame a GET with a body not at all, and that is request smuggling.
  if (req.headers["transfer-encoding"] !== undefined) headers.push("Transfer-Encoding", "chunked");
  else if (req.headers["content-length"] === undefined && METHODS_WITH_BODY.has(req.method ?? "")) {
    headers.push("Content-Length", "0");
  }
  return headers;
}

function answerUnavailable(res: ServerResponse): void {
  const message = `The gateway is not reachable; try again in ${RETRY_AFTER_S} s.`;
  const body = JSON.stringify({ error: { code: "UNAVAILABLE", message } });
  res.writeHead(503, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "retry-after": String(RETRY_AFTER_S),
    // The rest of the body is not read.
    connection: "close",
  });
  res.end(body);
}

function relayAnswer(upstream: IncomingMessage, res: ServerResponse): void {
  res.sendDate = false;
  res.writeHead(upstream.statusCode ?? 502, upstream.statusMessage, endToEndHeaders(upstream.rawHeaders));
  // A cut on either side is passed on as a cut: half an answer must not look like a whole one.
  pipeline(upstream, res, () => {});
}

/** Streams requests to the gateway and its answers back, byte for byte, over kept-alive connections. */
export function makeForwarder({ gatewayHost, gatewayPort, trustedProxies }: ForwardOptions): Forwarder {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  const isTrusted = makeAddressTest(trustedProxies);

  function forward(req: IncomingMessage, res: ServerResponse): void {
    const headers = gatewayHeaders(req, isTrusted);
    const path = req.url ?? "/";
    const outgoing: ClientRequest = request({
      host: gatewayHost,
      port: gatewayPort,
      agent,
      method: req.method,
      path,
      headers,
      setHost: false,
    });
    outgoing.on("response", (upstream) => relayAnswer(upstream, res));
    outgoing.on("error", () => {
      if (!res.headersSent && !res.destroyed) answerUnavailable(res);
      else res.destroy();
    });
    // An aborted body must not reach the gateway as a finished one.
    res.on("close", () => {
      if (!res.writableFinished) outgoing.destroy();
    });
    req.on("error", () => outgoing.destroy());
    req.pipe(outgoing);
  }

  return { forward, close: () => agent.destroy() };
}
