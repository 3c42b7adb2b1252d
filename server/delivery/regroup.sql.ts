// The unfinished events of a destination whose turn keys are of other groups than today's.
import type { Queryable } from "#server/database/db.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { isDue, isUnfinished } from "#server/events/lifecycle.sql.ts";
import type { UnsortedEvent } from "./order-sort.sql.ts";

export interface OtherGroupEvent extends Omit<UnsortedEvent, "at"> {
  connection_id: string;
  /** The place of the event in the order in which it was read. */
  at: [string, string];
}

/** A way to go through them. Each page begins behind the last event of the one before. */
type Way = { name: string; text: string; of: string[] };

const COLUMNS =
  "e.team_id, e.id, e.request_id, e.connection_id, e.transformed, e.transformed_body is not null as has_own_body";
/** `$5` is the mark of today's groups; null where there are none. */
const IS_OTHER =
  "case when $5::text is null then e.turn_key like 'g%' else left(e.turn_key, 9) is distinct from $5 end";

const OF_DUE = `
select ${COLUMNS}, array[e.next_attempt_at::text, e.id] as at from event e
where e.destination_id = $1 and ${isDue("e")} and ${IS_OTHER}
  and (e.next_attempt_at, e.id) > (coalesce(nullif($2, ''), '-infinity')::timestamptz, $3)
order by e.next_attempt_at, e.id limit $4`;
const OF_HELD = `
select ${COLUMNS}, array[coalesce(e.hold_reason, ''), e.id] as at from event e
where e.destination_id = $1 and e.connection_id = $6 and e.status = 'HOLD' and ${IS_OTHER} and (coalesce(e.hold_reason, ''), e.id) > ($2, $3)
order by coalesce(e.hold_reason, ''), e.id limit $4`;

/** All ways to the unfinished events of a destination. */
export async function waysToOtherGroups(db: Queryable, destinationId: string): Promise<Way[]> {
  const { rows } = await db.query<{ connection_id: string }>(
    `select distinct connection_id from (${BRANCH_COUNT_ROWS}) as counted where destination_id = $1 and hold_count <> 0`,
    [destinationId],
  );
  return [
    { name: "other-groups-due", text: OF_DUE, of: [] },
    ...rows.map((row) => ({ name: "other-groups-held", text: OF_HELD, of: [row.connection_id] })),
  ];
}

export async function readOtherGroups(
  db: Queryable,
  { name, text, of }: Way,
  query: { destinationId: string; after: [string, string]; limit: number; mark: string | null },
): Promise<OtherGroupEvent[]> {
  const values = [query.destinationId, ...query.after, query.limit, query.mark, ...of];
  return (await db.query<OtherGroupEvent>({ name, text, values })).rows;
}

const REGROUP = `
update event e set turn_key = moved.turn_key
from unnest($3::text[], $4::text[], $5::text[]) as moved(team_id, id, turn_key)
where e.team_id = moved.team_id and e.id = moved.id and e.id = any ($4::text[]) and e.destination_id = $1 and ${isUnfinished("e")}
  and exists (select from lane where destination_id = $1 and token = $2::bigint)`;

/** Gives events their turn keys of today's groups. */
export async function regroupEvents(
  db: Queryable,
  lease: { destinationId: string; token: string },
  events: readonly { team_id: string; id: string; turn_key: string }[],
): Promise<void> {
  const sorted = events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const columns = [
    sorted.map(({ team_id }) => team_id),
    sorted.map(({ id }) => id),
    sorted.map(({ turn_key }) => turn_key),
  ];
  await db.query({ name: "regroup-events", text: REGROUP, values: [lease.destinationId, lease.token, ...columns] });
}

/** Writes down the groups that the turn keys are made for. False when the lease is lost. */
export async function recordGroups(
  db: Queryable,
  lease: { destinationId: string; token: string },
  { groupOf, groupSortAt }: { groupOf: string | null; groupSortAt: Date | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    "update lane set group_of = $3, group_sort_at = $4 where destination_id = $1 and token = $2::bigint and lease_expires_at > now()",
    [lease.destinationId, lease.token, groupOf, groupSortAt],
  );
  return rowCount === 1;
}
