// The lists of states as SQL. The partial indexes of `event` repeat them, and a test compares the two.
import { EventStatus } from "#server/contracts/event.ts";
import { DUE, FINISHED, LATE, MAY_MOVE_FROM, UNFINISHED } from "./lifecycle.ts";

/** `'QUEUED', 'SCHEDULED'`, to stand in `in (…)`. */
export const listOf = (states: readonly EventStatus[]): string => states.map((state) => `'${state}'`).join(", ");

/** @param row the name of the event in the statement */
export const isDue = (row: string): string => `${row}.status in (${listOf(DUE)})`;
export const countsAsLate = (row: string): string => `${row}.status in (${listOf(LATE)})`;
export const isUnfinished = (row: string): string => `${row}.status in (${listOf(UNFINISHED)})`;
const isFinished = (row: string): string => `${row}.status in (${listOf(FINISHED)})`;

const MAY_NOT_SETTLE = EventStatus.options.filter(
  (state) => !(MAY_MOVE_FROM.settle as readonly string[]).includes(state),
);

/**
 * Names the states that are left out: with a list of those that may settle, the planner would take the small index of the
 * lanes for a look-up by id.
 */
export const maySettle = (row: string): string => `${row}.status not in (${listOf(MAY_NOT_SETTLE)})`;

/** A finished event starts its retry policy anew. For an event that waits, a requeue only ends the wait. */
export const retriesCountedFrom = (row: string): string =>
  `case when ${isFinished(row)} then ${row}.attempts else ${row}.retries_counted_from end`;

const MAX_MOVES = 20;

/** The moves of an event with one more, an SQL expression of type json. The oldest of more than 20 are dropped. */
export const withMove = (row: string, move: string): string =>
  `(array_append(${row}.moves, ${move}))[greatest(1, coalesce(array_length(${row}.moves, 1), 0) + 2 - ${MAX_MOVES}):]`;
