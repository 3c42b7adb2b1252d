// Where the time of an attempt went. The phases follow each other without a gap, so they add up to its latency.
import { isIP, type Socket } from "node:net";
import type { AttemptPhases } from "#server/contracts/attempt.ts";

/** How far a new connection has come; all times are of `performance.now()`, and absent until they are reached. */
export interface Opening {
  /** A name has to be looked up; an address has not. */
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

/** When an attempt began, when the head of its answer came, and when it ended. */
export interface AttemptTimes {
  startedAtMs: number;
  headAtMs: number | undefined;
  endedAtMs: number;
}

/**
 * The phases of an attempt. The one in which it broke off takes all that was left of its time.
 * @param opening null where the connection was open already: then nothing was looked up, connected or secured
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
