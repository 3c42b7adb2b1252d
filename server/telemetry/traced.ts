// The work that traces tell of: a request's way in, and each attempt on the wire.
import type { AttemptRow } from "#server/delivery/attempt-row.sql.ts";
import type { Settlement } from "#server/delivery/settle.sql.ts";
import type { Arrival } from "#server/ingest/arrival.ts";

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
