// The moves of events that a lane makes without an attempt, and what the configuration gives it: limits, and reasons to hold.
import type { CachedConnection, CachedDestination, ConfigSnapshot } from "#server/config/config-cache.ts";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import { DEFAULT_LIMITS } from "#server/contracts/destination-limits.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import { groupsOf } from "#server/contracts/groups.ts";
import { isUnderMaintenance } from "#server/events/maintenance.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { isGroupPaused } from "#server/rules/group-key.ts";
import type { Answer } from "./breaker.ts";
import type { DueEvent } from "./due-events.sql.ts";
import type { DueItem } from "./due-reader.ts";
import type { Lane } from "./lane-tools.ts";
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

/** The reason why this event may not go; null when it may. */
export function holdReason(
  destination: CachedDestination,
  connection: CachedConnection,
  { turn_key }: Pick<DueEvent, "turn_key">,
  nowMs: number,
): HoldReason | null {
  if (connection.isPaused) return "connection_paused";
  return holdsAll(destination, nowMs) ?? (isGroupPaused(groupsOf(destination), turn_key) ? "group_paused" : null);
}

/** The reason why nothing may go to a destination, whichever connection leads there; null when there is none. */
export function holdsAll(destination: CachedDestination, nowMs: number): HoldReason | null {
  if (destination.isDisabled) return "destination_disabled";
  // Only its listener, which then has the lease, takes what is due.
  if (destination.type === "CLI") return "not_connected";
  if (destination.endpointHold !== null) return destination.endpointHold;
  return isUnderMaintenance(destination, nowMs) ? "maintenance" : null;
}

/** A debug copy is sent once, whatever its destination does with others. */
const OF_DEBUG_COPIES: CachedConnection = {
  ...{ id: DEBUG_COPIES, teamId: "", name: "Debug copy", sourceId: "", destinationId: "" },
  rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 0 }],
  ...{ isPaused: false, isDisabled: false, quietHours: null },
};

/** The connection by which an event goes; undefined where that is gone. */
export const connectionOf = (config: Pick<ConfigSnapshot, "connections">, id: string): CachedConnection | undefined =>
  id === DEBUG_COPIES ? OF_DEBUG_COPIES : config.connections.get(id);

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

/**
 * Returns the configuration in memory when all these events may be sent by it, and a fresh one otherwise. An event may name
 * a connection that the cache lacks or believes paused: the cache may be older than the event.
 */
export async function currentFor(lane: Pick<Lane, "config" | "lease" | "clock">, due: DueItem[]) {
  const config = lane.config.current();
  const destination = config.destinations.get(lane.lease.destinationId);
  const maySend = due.every(({ event }) => {
    const connection = connectionOf(config, event.connection_id);
    return destination && connection && holdReason(destination, connection, event, lane.clock.nowMs()) === null;
  });
  return maySend ? config : lane.config.upToDate();
}
