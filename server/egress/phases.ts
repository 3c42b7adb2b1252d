// The phases of an attempt: where its time went. They follow each other without a gap, so they add up to its latency.
import { isIP, type Socket } from "node:net";
import type { AttemptPhases } from "#server/contracts/attempt.ts";

/** The steps of a new connection. All times are of `performance.now()`, and absent until they are reached. */
export interface Opening {
  /** Whether the host is a name, which has to be looked up. */
  isName: boolean;
  isTls: boolean;
  resolvedAtMs?: number;
  connectedAtMs?: number;
  securedAtMs?: number;
}

/** Notes the steps of a socket that has just begun to connect. */
export function watchOpening(socket: Socket, { hostname, isTls }: { hostname: string; isTls: boolean }): Opening {
  const opening: Opening = { isName: isIP(hostname.replace(/^\[|\]$/g, "")) === 0, isTls };
  // With several addresses there are as many of these events; the first one is the answer.
  socket.once("lookup", () => {
    opening.resolvedAtMs = performance.now();
  });
  socket.once("connect", () => {
    opening.connectedAtMs = performance.now();
  });
  socket.once("secureConnect", () => {
    opening.securedAtMs = performance.now();
  });
  return opening;
}

/** The times of an attempt: its begin, the head of its answer, its end. */
export interface AttemptTimes {
  startedAtMs: number;
  headAtMs: number | undefined;
  endedAtMs: number;
}

/**
 * The phases of an attempt. The phase in which it broke off takes the rest of its time.
 * @param opening null when the connection was open already, so nothing was looked up, connected or secured
 */
export function phasesOf({ startedAtMs, headAtMs, endedAtMs }: AttemptTimes, opening: Opening | null): AttemptPhases {
  let fromMs = startedAtMs;
  const until = (atMs = endedAtMs): number => {
    const tookMs = Math.max(0, Math.min(atMs, endedAtMs) - fromMs);
    fromMs += tookMs;
    return tookMs;
  };
  return {
    dns_ms: opening?.isName ? until(opening.resolvedAtMs) : 0,
    connect_ms: opening ? until(opening.connectedAtMs) : 0,
    tls_ms: opening?.isTls ? until(opening.securedAtMs) : 0,
    wait_ms: until(headAtMs),
    read_ms: until(),
  };
}
