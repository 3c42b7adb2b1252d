// The turn keys of one destination that have events in line, and the first due events of some of them. Each turn key is one step over
// an index, however many events it has. At a destination that keeps an order, the rows are lines in place of events.
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { DUE_COLUMNS, type DueEvent, INLINE_BODY_BYTES, type LaneCursor } from "./due-events.sql.ts";

const IN_LINE = `event.destination_id = $1 and ${isDue("event")}`;

/** @param rows a table and the condition of the rows of `$1`, by an index of which `columns` are read: when, and what tells rows of one time */
const stepOver = (rows: string, [at, id]: [at: string, id: string]) => {
  const step = (after: string) =>
    `(select turn_key, ${at} as at from ${rows} and turn_key > ${after} order by turn_key, ${at}, ${id} limit 1)`;
  return `
with recursive step as (
  ${step("$3")} union all select following.* from step cross join lateral ${step("step.turn_key")} as following
)
select turn_key, at <= $2 as is_due from step limit $4`;
};

const TURN_KEYS = {
  event: { name: "turn-keys", text: stepOver(`event where ${IN_LINE}`, ["next_attempt_at", "id"]) },
  order_line: {
    name: "turn-keys-of-lines",
    text: stepOver("order_line where destination_id = $1", ["due_at", "order_key"]),
  },
};

export interface TurnKey {
  turn_key: string;
  is_due: boolean;
}

/** The next `limit` turn keys behind `after` that have events in line, or lines; also those whose first is not due at `now`. */
export async function readTurnKeys(
  db: Queryable,
  destinationId: string,
  { of = "event", now, after, limit }: { of?: keyof typeof TURN_KEYS; now: Date; after: string; limit: number },
): Promise<TurnKey[]> {
  const values = [destinationId, now, after, limit];
  const { rows } = await db.query<TurnKey>({ ...TURN_KEYS[of], values });
  return rows;
}

const OF_KEYS = `
select own.* from unnest($3::text[], $4::timestamptz[], $5::text[]) as wanted(key, due_at, id) cross join lateral (
  select ${DUE_COLUMNS} from event
  where ${IN_LINE} and event.turn_key = wanted.key and event.next_attempt_at <= $2
    and (event.next_attempt_at, event.id) > (wanted.due_at, wanted.id) and event.id <> all ($8::text[])
  order by event.next_attempt_at, event.id limit $7
) as own`;

/** What is asked for of some turn keys: up to `limit` of each that are due at `now`, behind its cursor and without those of `except`. */
export interface OfKeys {
  now: Date;
  wanted: [key: string, cursor: LaneCursor][];
  except: Iterable<string>;
  limit: number;
}

/** The keys with their cursors, as three parameters. */
export const wantedColumns = (wanted: OfKeys["wanted"]) => [
  wanted.map(([key]) => key),
  wanted.map(([, { dueAt }]) => (dueAt instanceof Date ? dueAt.toISOString() : dueAt)),
  wanted.map(([, { id }]) => id),
];

/** Events of some turn keys. */
export async function readDueOfKeys(
  db: Queryable,
  destinationId: string,
  { now, wanted, except, limit }: OfKeys,
): Promise<DueEvent[]> {
  if (wanted.length === 0) return [];
  const values = [destinationId, now, ...wantedColumns(wanted), INLINE_BODY_BYTES, limit, [...except]];
  const { rows } = await db.query<DueEvent>({ name: "due-of-turn-keys", text: OF_KEYS, values });
  return rows;
}
