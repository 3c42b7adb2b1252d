// The due events of one destination, in order of due time. A lane reads them by keyset, so it never walks again over rows
// that it has dealt with.
import type { AttemptTrigger } from "#server/contracts/attempt.ts";
import type { BranchIds } from "#server/contracts/branch.ts";
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";

/** Larger bodies are read one by one, just before they are sent, so that a page of events stays small. */
export const INLINE_BODY_BYTES = 16 * 1024;

export interface DueEvent extends BranchIds {
  event_type: string | null;
  /** The file of many events that it stands in. */
  object_batch_id: string | null;
  /** Attempts made so far. */
  attempts: number;
  retries_counted_from: number;
  trigger: AttemptTrigger;
  /** Null where the destination had one turn_key only when the event was routed. */
  turn_key: string | null;
  next_attempt_at: Date;
  transformed: RequestHead | null;
  /** Whether a transform changed the body too. */
  has_own_body: boolean;
  /**
   * Null when the event has no body of its own, and when that is larger than `INLINE_BODY_BYTES`: it is then read by
   * itself.
   */
  transformed_body: Buffer | null;
}

/** The last event that was read; the next page starts behind it. */
export interface LaneCursor {
  dueAt: Date | "-infinity";
  id: string;
}
export const LANE_START: LaneCursor = { dueAt: "-infinity", id: "" };

/** What a {@link DueEvent} is read from. `$6` is the size of a body that is read with it. */
export const DUE_COLUMNS = `team_id, id, request_id, source_id, connection_id, destination_id, event_type, object_batch_id, attempts, retries_counted_from, trigger,
  turn_key, next_attempt_at, transformed, transformed_body is not null as has_own_body,
  case when octet_length(transformed_body) <= $6 then transformed_body end as transformed_body`;

const read = (of = "") => `
select ${DUE_COLUMNS}
from event
where destination_id = $1 and ${isDue("event")}${of}
  and next_attempt_at <= $2 and (next_attempt_at, id) > ($3::timestamptz, $4)
order by next_attempt_at, id limit $5`;
const DUE = { name: "due-events", text: read() };
const DUE_WITHOUT_TURN_KEY = { name: "due-without-turn-key", text: read(" and turn_key is null") };

/**
 * Events due at `now` behind the cursor, oldest due first.
 * @param isWithoutTurnKey only those that have no turn_key
 */
export async function readDueEvents(
  db: Queryable,
  destinationId: string,
  {
    now,
    cursor,
    limit,
    isWithoutTurnKey = false,
  }: { now: Date; cursor: LaneCursor; limit: number; isWithoutTurnKey?: boolean },
): Promise<DueEvent[]> {
  const { rows } = await db.query<DueEvent>({
    ...(isWithoutTurnKey ? DUE_WITHOUT_TURN_KEY : DUE),
    values: [destinationId, now, cursor.dueAt, cursor.id, limit, INLINE_BODY_BYTES],
  });
  return rows;
}

/** The due time of a destination's next event, or null when none waits. May lie in the past. */
export async function nextDueAt(db: Queryable, destinationId: string): Promise<Date | null> {
  const { rows } = await db.query({
    name: "next-due",
    text: `select next_attempt_at from event where destination_id = $1 and ${isDue("event")}
           order by next_attempt_at limit 1`,
    values: [destinationId],
  });
  return rows[0]?.next_attempt_at ?? null;
}
