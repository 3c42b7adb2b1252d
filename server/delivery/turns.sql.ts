// The turn keys of one destination that have events in line, and the first due events of some of them. Each turn key is one step over
// an index, however many events it has.
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { DUE_COLUMNS, type DueEvent, INLINE_BODY_BYTES, type LaneCursor } from "./due-events.sql.ts";

const IN_LINE = `event.destination_id = $1 and ${isDue("event")}`;

const STEP = (after: string) => `(select turn_key, next_attempt_at from event where ${IN_LINE} and turn_key > ${after}
  order by turn_key, next_attempt_at, id limit 1)`;

const TURN_KEYS = `
with recursive step as (
  ${STEP("$3")} union all select following.* from step cross join lateral ${STEP("step.turn_key")} as following
)
select turn_key, next_attempt_at <= $2 as is_due from step limit $4`;

export interface TurnKey {
  turn_key: string;
  is_due: boolean;
}

/** The next `limit` turn keys behind `after` that have events in line, also those whose first event is not due at `now`. */
export async function readTurnKeys(
  db: Queryable,
  destinationId: string,
  { now, after, limit }: { now: Date; after: string; limit: number },
): Promise<TurnKey[]> {
  const values = [destinationId, now, after, limit];
  const { rows } = await db.query<TurnKey>({ name: "turn-keys", text: TURN_KEYS, values });
  return rows;
}

const OF_KEYS = `
select own.* from unnest($3::text[], $4::timestamptz[], $5::text[]) as wanted(key, due_at, id) cross join lateral (
  select ${DUE_COLUMNS} from event
  where ${IN_LINE} and event.turn_key = wanted.key and event.next_attempt_at <= $2
    and (event.next_attempt_at, event.id) > (wanted.due_at, wanted.id) and event.id <> all ($8::text[])
  order by event.next_attempt_at, event.id limit $7
) as own`;

/** Up to `limit` events due at `now` of each of these turn keys, behind its cursor and without those of `except`. */
export async function readDueOfKeys(
  db: Queryable,
  destinationId: string,
  query: { now: Date; wanted: [key: string, cursor: LaneCursor][]; except: Iterable<string>; limit: number },
): Promise<DueEvent[]> {
  const { now, wanted, except, limit } = query;
  if (wanted.length === 0) return [];
  const dueAts = wanted.map(([, { dueAt }]) => (dueAt instanceof Date ? dueAt.toISOString() : dueAt));
  const { rows } = await db.query<DueEvent>({
    name: "due-of-turn-keys",
    text: OF_KEYS,
    values: [
      ...[destinationId, now, wanted.map(([key]) => key), dueAts],
      ...[wanted.map(([, { id }]) => id), INLINE_BODY_BYTES, limit, [...except]],
    ],
  });
  return rows;
}
