// The moves of events that a lane makes without an attempt, and what the configuration gives it: limits, and reasons to hold.
import type { CachedConnection, CachedDestination } from "#server/config/config-cache.ts";
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import type { Answer } from "./breaker.ts";
import type { DueEvent } from "./due-events.sql.ts";
import type { Limits } from "./pace.ts";
import type { Settlement } from "./settle.sql.ts";

export type Move = Pick<Settlement, "status" | "next_attempt_at" | "hold_reason" | "ended_because" | "error_code">;
export const CANCELLED: Move = { status: "CANCELLED", next_attempt_at: null, error_code: "CANCELLED" };
export const REQUEST_GONE: Move = {
  status: "FAILED",
  next_attempt_at: null,
  error_code: "REQUEST_GONE",
  ended_because: "undeliverable",
};

/** A held event keeps its place in the order. */
export const heldBy = (reason: HoldReason, { next_attempt_at }: DueEvent): Move => ({
  status: "HOLD",
  next_attempt_at,
  hold_reason: reason,
});

export const toSettlement = (event: DueEvent, token: string, to: Move): Settlement => ({
  team_id: event.team_id,
  event_id: event.id,
  destination_id: event.destination_id,
  token,
  source_id: event.source_id,
  connection_id: event.connection_id,
  ...to,
  attempt: null,
});

export function holdReason(destination: CachedDestination, connection: CachedConnection): HoldReason | null {
  return connection.isPaused ? "connection_paused" : holdsAll(destination);
}

/** The reason why nothing may go to a destination, whichever connection leads there; null when there is none. */
export function holdsAll(destination: CachedDestination): HoldReason | null {
  if (destination.isDisabled) return "destination_disabled";
  return destination.unusable === undefined ? null : "maintenance";
}

/** An event that may go, with the configuration to send it by. */
export interface Send {
  event: DueEvent;
  request: SendableRequest;
  connection: CachedConnection;
  destination: CachedDestination;
}

export const answerOf = ({ attempt }: Settlement): Answer => ({
  status: attempt?.response_status ?? null,
  errorCode: attempt?.error_code ?? null,
});

/** For a destination that is gone from the configuration: its events are only cancelled. */
const NO_DESTINATION: Limits = { ...DEFAULT_LIMITS, breaker: { ...DEFAULT_LIMITS.breaker, mode: "off" } };

export const limitsOf = (destination: CachedDestination | undefined): Limits => destination?.config ?? NO_DESTINATION;
