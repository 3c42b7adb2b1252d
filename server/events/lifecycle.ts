// The life of an event: its states, and which of them each move may start from.
import type { AttemptTrigger } from "#server/contracts/attempt.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { CancelReason, EndReason, HoldReason } from "#server/contracts/event-life.ts";

type States = readonly EventStatus[];

/** In line: the lane sends the event when its time has come. */
export const DUE = ["QUEUED", "SCHEDULED", "RETRYING"] as const satisfies States;
/** In line, and not because a delay rule says so: the age of these tells how late a queue is. */
export const LATE = ["QUEUED", "RETRYING"] as const satisfies readonly (typeof DUE)[number][];
export const UNFINISHED = [...DUE, "HOLD"] as const satisfies States;
export const FINISHED = ["DELIVERED", "FAILED", "CANCELLED"] as const satisfies States;

/**
 * ```
 *             ┌────────── release ──────────┐
 *             ▼                             │
 * route ──▶ in line ──────── hold ───────▶ HOLD ◀── route, requeue (paused)
 *           ▲  │  │                         │
 *           │  │  └────── cancel ───────────┴──▶ CANCELLED
 *           │  └──────── an attempt ───────────▶ DELIVERED, FAILED
 *           └────────── requeue ◀────────────── any of the three ends
 * ```
 * Routing writes the first state. The lane of the destination settles attempts and holds; a person or a job does the rest.
 */
export const MAY_MOVE_FROM = {
  /** By the lane with the current token: the result of an attempt, a hold, an end without an attempt. */
  settle: DUE,
  /** When the reason of the hold is over. */
  release: ["HOLD"],
  /** On request. An event that is queued or held needs nothing, and keeps its place. */
  requeue: ["SCHEDULED", "RETRYING", ...FINISHED],
  cancel: UNFINISHED,
} as const satisfies Record<string, States>;

/** A move that leaves no attempt, as it is stored with its event. */
export type Move = { at: string } & (
  | { move: "hold"; reason: HoldReason }
  | { move: "release" }
  | { move: "requeue"; trigger: AttemptTrigger; ended_because: EndReason | null }
  | { move: "cancel"; reason: CancelReason }
  | { move: "fail"; reason: EndReason }
);
