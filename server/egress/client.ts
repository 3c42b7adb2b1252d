// The only way out: every HTTP request the product makes to the outside goes through `send`.
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { HOP_BY_HOP } from "#server/contracts/hop-by-hop.ts";
import type { AddressPolicy } from "./address-policy.ts";
import { makeOpenSocket, type Resolve, resolveBySystem } from "./connect.ts";
import { makeConnectionPool } from "./connection-pool.ts";
import type { EgressPolicy } from "./egress-policy.ts";
import { Exchange, type SendOutcome } from "./exchange.ts";
import { pathPieces } from "./path-pieces.ts";
import { phasesOf } from "./phases.ts";
import { LEADS_BACK, makeUrlCheck } from "./url-policy.ts";

export type { SendOutcome } from "./exchange.ts";

export interface SendRequest {
  /** The team that sends: which addresses may be reached depends on it. */
  teamId: string;
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
  /** Closes every connection. Sends on the wire end with CANCELLED. */
  close(): Promise<void>;
}

export interface EgressOptions {
  policy: EgressPolicy;
  /** Whether a piece of a path is the key of a source of ours: a URL that holds one leads back, whatever its host. */
  isSourceKey?: (text: string) => boolean;
  /** For look-up, TCP and TLS together, in milliseconds; the attempt's own timeout applies as well. */
  connectTimeoutMs?: number;
  resolve?: Resolve;
  maxIdleConnections?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Headers that are written here, or that belong to the next hop alone. */
const FRAMING_HEADERS = new Set([...HOP_BY_HOP, "content-length", "expect", "host"]);
const FRAMING_LENGTHS = new Set([...FRAMING_HEADERS].map((name) => name.length));

export function makeEgress(options: EgressOptions): Egress {
  const { policy, connectTimeoutMs = CONNECT_TIMEOUT_MS, resolve = resolveBySystem } = options;
  const { isSourceKey = () => false } = options;
  const pool = makeConnectionPool(makeOpenSocket(resolve, connectTimeoutMs), options.maxIdleConnections);
  const checkUrl = makeUrlCheck();
  const refusalOf = (url: URL, addresses: AddressPolicy) =>
    checkUrl(url, addresses) ?? (pathPieces(url).some(isSourceKey) ? LEADS_BACK : null);
  const underway = makeUnderway();
  let isClosed = false;

  return {
    send({ teamId, url, method, headers, body, timeoutMs, signal, onSent }) {
      const startedAtMs = performance.now();
      return new Promise((resolve) => {
        const refuse = (code: ErrorCode) =>
          resolve({ kind: "error", code, seen: null, phases: null, latencyMs: performance.now() - startedAtMs });
        const addresses = policy.forTeam(teamId);
        const refusal = refusalOf(url, addresses);
        if (refusal) return refuse(refusal.code);
        if (isClosed || signal?.aborted) return refuse("CANCELLED");

        const connection = pool.acquire(url, addresses);
        const exchange = new Exchange((result, isReusable) => {
          const endedAtMs = performance.now();
          const phases = phasesOf({ startedAtMs, headAtMs: exchange.headAtMs, endedAtMs }, connection.opening);
          underway.remove(exchange);
          connection.deadline.lift();
          if (isReusable) connection.release();
          else connection.discard(result.kind === "error" && result.code === "CONNECTION_RESET");
          resolve({ ...result, phases, latencyMs: endedAtMs - startedAtMs });
        }, onSent);
        underway.add(exchange, signal);
        connection.deadline.set(startedAtMs + timeoutMs, exchange);
        connection.dispatch(
          { path: url.pathname + url.search, method, body, headers: withoutFraming(headers), blocking: false },
          exchange,
        );
      });
    },
    connectionCount: () => pool.size(),
    async close() {
      isClosed = true;
      underway.cancelAll();
      await pool.close();
    },
  };
}

/** As undici takes them: name, value, name, value. */
function withoutFraming(headers: HeaderList): string[] {
  const kept: string[] = [];
  for (const [name, value] of headers) {
    if (!FRAMING_LENGTHS.has(name.length) || !FRAMING_HEADERS.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** The sends on the wire. They share one listener per signal, since hundreds of sends may share one signal. */
function makeUnderway() {
  const signalOf = new Map<Exchange, AbortSignal | undefined>();
  const listenedTo = new WeakSet<AbortSignal>();

  const cancel = (isMeant: (signal: AbortSignal | undefined) => boolean): void => {
    for (const [exchange, signal] of [...signalOf]) if (isMeant(signal)) exchange.fail("CANCELLED");
  };

  return {
    add(exchange: Exchange, signal: AbortSignal | undefined): void {
      signalOf.set(exchange, signal);
      if (!signal || listenedTo.has(signal)) return;
      listenedTo.add(signal);
      signal.addEventListener("abort", () => cancel((each) => each === signal), { once: true });
    },
    remove: (exchange: Exchange) => signalOf.delete(exchange),
    cancelAll: () => cancel(() => true),
  };
}
