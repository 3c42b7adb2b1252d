import type { EventSummary } from "#server/contracts/event.ts";

type EventTime = "occurred_at" | "next_attempt_at" | "last_attempt_at" | "delivered_at";

/** An event as each reader and each move returns it: without its payload and its trace. */
export type EventRow = Omit<EventSummary, EventTime | "created_at" | "group"> &
  Record<EventTime, Date | null> & { turn_key: string | null; created_at: Date };

const COLUMNS: Record<keyof EventRow, true> = {
  id: true,
  team_id: true,
  request_id: true,
  source_id: true,
  connection_id: true,
  destination_id: true,
  status: true,
  event_type: true,
  occurred_at: true,
  resource_id: true,
  attempts: true,
  trigger: true,
  next_attempt_at: true,
  last_attempt_at: true,
  delivered_at: true,
  response_status: true,
  error_code: true,
  hold_reason: true,
  ended_because: true,
  dead_letter_of: true,
  turn_key: true,
  resent_from: true,
  created_at: true,
};

/** The columns of an {@link EventRow}; `row` is the name of the event in the statement. */
export const eventColumns = (row: string): string =>
  Object.keys(COLUMNS)
    .map((column) => `${row}.${column}`)
    .join(", ");
