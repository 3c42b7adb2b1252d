// The only way out: every HTTP request the product makes to the outside goes through `send`.
import type { HeaderList } from "#server/contracts/page.ts";
import type { AddressPolicy } from "./address-policy.ts";
import { makeOpenSocket, type Resolve, resolveBySystem } from "./connect.ts";
import { type Connection, makeConnectionPool } from "./connection-pool.ts";
import { Exchange, type SendOutcome, type SendResult } from "./exchange.ts";
import { checkParsedUrl } from "./url-policy.ts";

export type { SendOutcome } from "./exchange.ts";

export interface SendRequest {
  url: URL;
  method: string;
  /**
   * Order and case are kept. Host, Connection, Content-Length and the other headers that frame a message are written here
   * and left out when given.
   */
  headers: HeaderList;
  body: Buffer | null;
  /** For the whole attempt: name look-up, connecting, writing and the full answer. */
  timeoutMs: number;
  /** Ends the attempt with CANCELLED. Any number of sends may share one. */
  signal?: AbortSignal;
  /** Called when head and body are handed to a connected socket: from here on the receiver may have seen the request. */
  onSent?: () => void;
}

export interface Egress {
  /** One attempt: no redirects, no resend, no decompression. Never rejects for what the network or the receiver does. */
  send(request: SendRequest): Promise<SendOutcome>;
  /** The connections that exist now, idle or in use. */
  connectionCount(): number;
  /** Closes every connection; what is on the wire ends with CANCELLED. */
  close(): Promise<void>;
}

export interface EgressOptions {
  policy: AddressPolicy;
  /** For look-up, TCP and TLS together, in milliseconds; the attempt's own timeout applies as well. */
  connectTimeoutMs?: number;
  resolve?: Resolve;
}

const CONNECT_TIMEOUT_MS = 10_000;
const FRAMING_HEADERS = new Set([
  "te",
  "host",
  "expect",
  "trailer",
  "upgrade",
  "connection",
  "keep-alive",
  "content-length",
  "proxy-connection",
  "transfer-encoding",
]);
const FRAMING_LENGTHS = new Set([...FRAMING_HEADERS].map((name) => name.length));

export function makeEgress(options: EgressOptions): Egress {
  const { policy, connectTimeoutMs = CONNECT_TIMEOUT_MS, resolve = resolveBySystem } = options;
  const pool = makeConnectionPool(policy, makeOpenSocket(policy, resolve, connectTimeoutMs));
  const cancellation = makeCancellation();
  const underway = new Set<Exchange>();
  let isClosed = false;

  const run = (request: SendRequest, settle: (result: SendResult) => void): void => {
    const { url, method, body, signal, onSent } = request;
    let connection: Connection | null = null;
    const exchange = new Exchange((result, isReusable) => {
      clearTimeout(timer);
      underway.delete(exchange);
      if (signal) cancellation.remove(signal, exchange);
      if (isReusable) connection?.release();
      else connection?.discard(result.kind === "error" && result.code === "CONNECTION_RESET");
      settle(result);
    }, onSent);
    const timer = setTimeout(timeOut, request.timeoutMs, exchange);
    underway.add(exchange);
    if (signal) cancellation.add(signal, exchange);
    connection = pool.acquire(url.origin);
    connection.dispatch(
      { path: url.pathname + url.search, method, body, headers: withoutFraming(request.headers), blocking: false },
      exchange,
    );
  };

  return {
    send(request) {
      const startedAt = performance.now();
      return new Promise((settle) => {
        const finish = (result: SendResult) => settle({ ...result, latencyMs: performance.now() - startedAt });
        const refusal = checkParsedUrl(request.url, policy);
        if (refusal) finish({ kind: "error", code: refusal.code });
        else if (isClosed || request.signal?.aborted) finish({ kind: "error", code: "CANCELLED" });
        else run(request, finish);
      });
    },
    connectionCount: () => pool.size(),
    async close() {
      isClosed = true;
      for (const exchange of [...underway]) exchange.fail("CANCELLED");
      await pool.close();
    },
  };
}

const timeOut = (exchange: Exchange) => exchange.fail("TIMEOUT");

/** As undici takes them: name, value, name, value. */
function withoutFraming(headers: HeaderList): string[] {
  const kept: string[] = [];
  for (const [name, value] of headers) {
    if (!FRAMING_LENGTHS.has(name.length) || !FRAMING_HEADERS.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** One listener for each signal, however many sends share it: a lane's signal would gather hundreds. */
function makeCancellation() {
  const bySignal = new WeakMap<AbortSignal, Set<Exchange>>();
  return {
    add(signal: AbortSignal, exchange: Exchange): void {
      const sharing = bySignal.get(signal);
      if (sharing) {
        sharing.add(exchange);
        return;
      }
      const first = new Set([exchange]);
      bySignal.set(signal, first);
      signal.addEventListener("abort", () => cancelAll(first), { once: true });
    },
    remove: (signal: AbortSignal, exchange: Exchange) => bySignal.get(signal)?.delete(exchange),
  };
}

function cancelAll(exchanges: Set<Exchange>): void {
  for (const exchange of [...exchanges]) exchange.fail("CANCELLED");
}
