// Sorting: the events of a destination get the keys of another order than the one they were routed by.
import type { Queryable } from "#server/database/db.ts";
import { BRANCH_COUNT_ROWS, countMoves, statusBefore } from "#server/events/branch-counts.sql.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { isInLine, timeOfId, touchLines } from "#server/events/order-line.sql.ts";
import { isSameRow } from "#server/events/same-row.sql.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";

export interface UnsortedEvent {
  team_id: string;
  id: string;
  request_id: string;
  transformed: RequestHead | null;
  has_own_body: boolean;
  /** The place of the event in the order in which it was read. */
  at: [string, string, string];
}

/** A way to go through the events that may have to be sorted. Each page begins behind the last event of the one before. */
export type Unsorted = { name: string; text: string; of: string[] };

const COLUMNS = "e.team_id, e.id, e.request_id, e.transformed, e.transformed_body is not null as has_own_body";

/** In a line of another order. `$6` is the mark of today's, or null. */
const IN_OTHER_LINES = `
select ${COLUMNS}, array[e.order_key, e.request_id, e.id] as at from event e
where e.destination_id = $1 and ${isInLine("e")} and left(e.order_key, 9) is distinct from $6
  and (e.order_key, e.request_id, e.id) > ($2, $3, $4)
order by e.order_key, e.request_id, e.id limit $5`;

/** In no line, because there was no order. */
const DUE_WITHOUT_LINE = `
select ${COLUMNS}, array[e.next_attempt_at::text, '', e.id] as at from event e
where e.destination_id = $1 and ${isDue("e")} and e.order_key is null and $6::text is not null and $3::text is not null
  and (e.next_attempt_at, e.id) > (coalesce(nullif($2, ''), '-infinity')::timestamptz, $4)
order by e.next_attempt_at, e.id limit $5`;
const HELD_WITHOUT_LINE = `
select ${COLUMNS}, array[coalesce(e.hold_reason, ''), '', e.id] as at from event e
where e.destination_id = $1 and e.connection_id = $7 and e.status = 'HOLD' and e.order_key is null and $6::text is not null and $3::text is not null
  and (coalesce(e.hold_reason, ''), e.id) > ($2, $4)
order by coalesce(e.hold_reason, ''), e.id limit $5`;

/** All ways to the unfinished events of a destination. */
export async function waysToUnsorted(db: Queryable, destinationId: string): Promise<Unsorted[]> {
  const { rows } = await db.query<{ connection_id: string }>(
    `select distinct connection_id from (${BRANCH_COUNT_ROWS}) as counted where destination_id = $1 and hold_count <> 0`,
    [destinationId],
  );
  return [
    { name: "unsorted-lines", text: IN_OTHER_LINES, of: [] },
    { name: "unsorted-due", text: DUE_WITHOUT_LINE, of: [] },
    ...rows.map((row) => ({ name: "unsorted-held", text: HELD_WITHOUT_LINE, of: [row.connection_id] })),
  ];
}

export async function readUnsorted(
  db: Queryable,
  { name, text, of }: Unsorted,
  {
    destinationId,
    after,
    limit,
    mark,
  }: { destinationId: string; after: UnsortedEvent["at"]; limit: number; mark: string | null },
): Promise<UnsortedEvent[]> {
  const { rows } = await db.query<UnsortedEvent>({ name, text, values: [destinationId, ...after, limit, mark, ...of] });
  return rows;
}

const TALLY = countMoves(
  "select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from moved",
);
const WAITED = "e.status = 'HOLD' and e.hold_reason = 'waits_for_order'";

// What waited in its old line is in line again: the new line decides whether it waits there.
const SORT = `
with sorted as (
  select * from unnest($3::text[], $4::text[], $5::text[]) as s(team_id, id, order_key)
), target as materialized (
  select e.team_id, e.id, sorted.order_key from sorted join event e on ${isSameRow("e", "sorted")}
  where e.destination_id = $1 and exists (select from lane where destination_id = $1 and token = $2::bigint)
  order by e.id for update of e
), moved as (
  update event e set order_key = target.order_key, ${statusBefore("e")},
    status = case when not (${WAITED}) then e.status
      when e.attempts > e.retries_counted_from and e.trigger in ('AUTOMATIC', 'UNPAUSE') then 'RETRYING' else 'QUEUED' end,
    hold_reason = case when ${WAITED} then null else e.hold_reason end
  from target where ${isSameRow("e", "target")}
  returning e.team_id, e.id, e.source_id, e.connection_id, e.destination_id, e.status, e.status_before, e.order_key, e.turn_key
), lined as (${touchLines("moved")}), tallied as (${TALLY})
select id from moved`;

/** Gives events their keys of today's order, and puts them into its lines. */
export async function sortEvents(
  db: Queryable,
  lease: { destinationId: string; token: string },
  events: { team_id: string; id: string; order_key: string | null }[],
): Promise<void> {
  const columns = [
    events.map(({ team_id }) => team_id),
    events.map(({ id }) => id),
    events.map(({ order_key }) => order_key),
  ];
  await db.query({ name: "sort-events", text: SORT, values: [lease.destinationId, lease.token, ...columns] });
}

// A line that has got an event since the statement began has another version than the one seen, so it stays.
const DELETE_EMPTY = `
with empty as materialized (
  select l.order_key from order_line l
  join order_line seen on seen.destination_id = l.destination_id and seen.order_key = l.order_key and seen.version = l.version
  where l.destination_id = $1 and left(l.order_key, 9) is distinct from $2 and not exists (
    select from event e where e.destination_id = $1 and e.order_key = l.order_key and e.id >= l.from_id and ${isInLine("e")})
  order by l.order_key for update of l
)
delete from order_line l using empty where l.destination_id = $1 and l.order_key = empty.order_key`;

/** Deletes the lines of other orders that are empty now. Routing may still add to them, by the order of before or of a later change. */
export async function deleteOtherLines(db: Queryable, destinationId: string, mark: string | null): Promise<void> {
  await db.query({ name: "delete-other-lines", text: DELETE_EMPTY, values: [destinationId, mark] });
}

const RESTORE = `
with lost as materialized (
  select e.id, e.connection_id, e.destination_id, e.order_key, e.turn_key from event e
  left join order_line l on l.destination_id = e.destination_id and l.order_key = e.order_key
  where e.destination_id = $1 and ${isInLine("e")} and left(e.order_key, 9) = $2
    and (l.order_key is null or ${timeOfId("e.id")} < l.from_id)
)
${touchLines("lost")}`;

/**
 * Makes the lines that events with keys of this order lack, or begins them at those events: nobody would look for them. There are none,
 * unless the lines of an order that has come back were deleted while it was away.
 */
export async function restoreLines(db: Queryable, destinationId: string, mark: string | null): Promise<void> {
  if (mark !== null) await db.query({ name: "restore-lines", text: RESTORE, values: [destinationId, mark] });
}

/** Has the lane look at every line of a destination that is blocked. */
export async function lookAtBlocked(db: Queryable, destinationId: string): Promise<void> {
  await db.query(
    "update order_line set due_at = now(), version = version + 1 where destination_id = $1 and is_blocked",
    [destinationId],
  );
}

/** Writes down the order that the keys are made for. False when the lease is lost. */
export async function recordOrder(
  db: Queryable,
  lease: { destinationId: string; token: string },
  order: { of: string | null; sortAt: Date | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    "update lane set order_of = $3, order_sort_at = $4 where destination_id = $1 and token = $2::bigint and lease_expires_at > now()",
    [lease.destinationId, lease.token, order.of, order.sortAt],
  );
  return rowCount === 1;
}
