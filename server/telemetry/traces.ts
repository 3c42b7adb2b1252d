// What is told to an OpenTelemetry collector: a request's way in, and each attempt on the wire.
import type { AttemptRow } from "#server/delivery/attempt-row.sql.ts";
import type { Settlement } from "#server/delivery/settle.sql.ts";
import type { Env } from "#server/env.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import type { Log } from "#server/process/log.ts";

/** An attempt with the state to which it moved its event. */
export type TracedAttempt = Omit<Settlement, "attempt"> & { attempt: AttemptRow };

/** The end of an arrival's way in. */
export interface ReceivedEnd {
  at: Date;
  /** The request that it repeats. */
  duplicateOf: string | null;
  /** Nobody knows whether it is stored: its sender was told to try again. */
  isUnknown: boolean;
}

export interface Traces {
  received(arrival: Arrival, end: ReceivedEnd): void;
  /** Attempts that carried no `traceparent` (files, mail) belong to no trace. */
  attempted(attempt: TracedAttempt): void;
  /** Sends what is left, for at most a second. */
  stop(): Promise<void>;
}

/** Null unless a collector is named: the SDK is then not even loaded. */
export async function makeTraces(env: Pick<Env, "traces">, role: string, log: Log): Promise<Traces | null> {
  if (!env.traces) return null;
  const { startOpenTelemetry } = await import("./open-telemetry.ts");
  return startOpenTelemetry(env.traces, role, log);
}
