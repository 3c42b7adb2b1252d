// The lines of one destination, as its lane reads and closes them.

import type { EventStatus } from "#server/contracts/event.ts";
import type { EndReason, HoldReason } from "#server/contracts/event-life.ts";
import type { Queryable } from "#server/database/db.ts";
import { countMoves, statusBefore } from "#server/events/branch-counts.sql.ts";
import { isDue, withMove } from "#server/events/lifecycle.sql.ts";
import { COUNT_MOVED } from "#server/events/moves.sql.ts";
import { blocksItsLine, isInLine, timeOfId } from "#server/events/order-line.sql.ts";
import { isSameRow } from "#server/events/same-row.sql.ts";
import { type DueEvent, INLINE_BODY_BYTES, type LaneCursor } from "./due-events.sql.ts";
import type { ClosingLine } from "./order.ts";
import { type OfKeys, wantedColumns } from "./turns.sql.ts";

export interface LineEvent extends DueEvent {
  status: EventStatus;
  hold_reason: HoldReason | null;
  ended_because: EndReason | null;
  /** A request that came before is not routed yet, and may belong before this event: it is, or may be, of the same source. */
  waits_for_routing: boolean;
}

/** A line with its first events. */
export interface DueLine {
  key: string;
  turnKey: string;
  version: string;
  dueAt: Date;
  events: LineEvent[];
}

/** So many hand-offs are looked into, each of which may hold hundreds of requests. */
const SEEN_HAND_OFFS = 64;

const HEAD_ORDER = "order by e.request_id, e.id";

// What is not routed yet has no key. It is seen in the same snapshot as the events, so a request is either here or among them.
// Those with the lowest requests are looked into. Routing keeps no order: what a worker is told goes before what waits in the table.
const UNROUTED = `
select source_id, min(request_id) as request_id from (
  select r ->> 2 as source_id, r ->> 1 as request_id
  from (select requests from hand_off order by first_id limit ${SEEN_HAND_OFFS}) as h cross join json_array_elements(h.requests) r
  union all
  select d.source_id, d.request_id from connection c join deferred_branch d on d.connection_id = c.id and d.is_ordered
  where c.destination_id = $1
) as unrouted group by source_id`;

// All others may be of any source. None of them holds a request before this one.
const FIRST_UNSEEN = `(select first_id from hand_off order by first_id offset ${SEEN_HAND_OFFS} limit 1)`;

const LINE_COLUMNS = "order_key, turn_key, version, due_at, from_id";
const isNext = (after: string) =>
  `destination_id = $1 and due_at <= $2 and (due_at, order_key) > ${after} and order_key <> all ($3::text[])`;

const BY_TIME = `select ${LINE_COLUMNS} from order_line
  where ${isNext("($7::timestamptz, $8)")} order by due_at, order_key limit $4`;
const OF_KEYS = `select own.* from unnest($7::text[], $8::timestamptz[], $9::text[]) as wanted(turn_key, at, id) cross join lateral (
    select ${LINE_COLUMNS} from order_line
    where turn_key = wanted.turn_key and ${isNext("(wanted.at, wanted.id)")} order by due_at, order_key limit $4
  ) as own`;

// From the line's id on: partitions before it are not looked into.
const read = (line: string) => `
with line as materialized (${line}), unrouted as materialized (${UNROUTED})
select line.order_key, line.turn_key as line_turn_key, line.version::text as version, line.due_at, e.*,
  case when octet_length(e.own_body) <= $6 then e.own_body end as transformed_body,
  coalesce(least(u.request_id, ${FIRST_UNSEEN}) < e.request_id, false) as waits_for_routing
from line left join lateral (
  select team_id, id, request_id, source_id, connection_id, destination_id, attempts, retries_counted_from, trigger, turn_key, next_attempt_at,
    status, hold_reason, ended_because, transformed, transformed_body is not null as has_own_body, transformed_body as own_body
  from event e
  where e.destination_id = $1 and e.order_key = line.order_key and e.id >= line.from_id and ${isInLine("e")}
  ${HEAD_ORDER} limit $5
) as e on true left join unrouted u on u.source_id = e.source_id
order by line.due_at, line.order_key, e.request_id, e.id`;

const READ = { name: "due-lines", text: read(BY_TIME) };
const READ_OF_KEYS = { name: "due-lines-of-turn-keys", text: read(OF_KEYS) };

interface Row extends LineEvent {
  order_key: string;
  line_turn_key: string;
  version: string;
  due_at: Date;
}

interface LinePage {
  now: Date;
  except: Iterable<string>;
  limit: { lines: number; events: number };
}

async function readLines(
  db: Queryable,
  statement: typeof READ,
  destinationId: string,
  { now, except, limit }: LinePage,
  from: unknown[],
): Promise<DueLine[]> {
  const values = [destinationId, now, [...except], limit.lines, limit.events, INLINE_BODY_BYTES, ...from];
  const { rows } = await db.query<Row>({ ...statement, values });
  return [...Map.groupBy(rows, ({ order_key }) => order_key)].map(([key, ofLine]) => ({
    key,
    turnKey: ofLine[0]?.line_turn_key ?? "",
    version: ofLine[0]?.version ?? "",
    dueAt: ofLine[0]?.due_at ?? now,
    events: ofLine.filter(({ id }) => id !== null),
  }));
}

/**
 * The lines that are due behind the cursor, each with its first events.
 * @param page its limit says how many lines, and how many events of each
 */
export const readDueLines = (
  db: Queryable,
  destinationId: string,
  { cursor, ...page }: LinePage & { cursor: LaneCursor },
): Promise<DueLine[]> => readLines(db, READ, destinationId, page, [cursor.dueAt, cursor.id]);

/** The same of some turn keys, up to so many lines of each. */
export const readDueLinesOfKeys = async (
  db: Queryable,
  destinationId: string,
  { wanted, limit: lines, ...page }: OfKeys,
  events: number,
): Promise<DueLine[]> =>
  wanted.length === 0
    ? []
    : readLines(db, READ_OF_KEYS, destinationId, { ...page, limit: { lines, events } }, wantedColumns(wanted));

/** After this long a line is looked at again although nobody said so. */
const LOOK_AGAIN = "interval '10 minutes'";
const isStuck = (row: string) =>
  `(${row}.status = 'FAILED' or ${row}.status = 'HOLD' and ${row}.hold_reason is distinct from 'waits_for_order')`;

// A line that has changed since it was read keeps its time, and is read again. The lock makes sure of that: a statement that adds an
// event to the line either has raised the version, or finds the line gone and makes it anew.
const CLOSE = `
with asked as (
  select * from unnest($2::text[], $3::bigint[]) as a(order_key, version)
), line as materialized (
  select l.order_key, l.from_id from order_line l join asked on asked.order_key = l.order_key and asked.version = l.version
  where l.destination_id = $1 order by l.order_key for update of l
), head as materialized (
  select line.order_key as line_key, e.* from line left join lateral (
    select id, status, hold_reason, next_attempt_at, coalesce(turn_key, connection_id) as turn_key from event e
    where e.destination_id = $1 and e.order_key = line.order_key and e.id >= line.from_id and ${isInLine("e")}
    ${HEAD_ORDER} limit 1
  ) as e on true
), gone as (
  delete from order_line l using head where l.destination_id = $1 and l.order_key = head.line_key and head.id is null
), kept as (
  update order_line l set is_blocked = ${isStuck("head")}, from_id = ${timeOfId("head.id")}, turn_key = head.turn_key,
    due_at = case when ${isStuck("head")} then now() + ${LOOK_AGAIN} else coalesce(head.next_attempt_at, now()) end
  from head where l.destination_id = $1 and l.order_key = head.line_key and head.id is not null
  returning l.order_key, l.is_blocked
)
select order_key from kept where is_blocked`;

/** Writes down when lines are due next, and deletes those that are empty. Returns the keys of those that are blocked. */
export async function closeLines(db: Queryable, destinationId: string, lines: ClosingLine[]): Promise<string[]> {
  const values = [destinationId, lines.map(({ key }) => key), lines.map(({ version }) => version)];
  const { rows } = await db.query<{ order_key: string }>({ name: "close-lines", text: CLOSE, values });
  return rows.map((row) => row.order_key);
}

const TALLY = countMoves(
  "select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from moved",
);
const IS_HOLDER = "exists (select from lane where destination_id = $1 and token = $2::bigint)";
const UPDATED = `from target
  where ${isSameRow("e", "target")}
  returning e.team_id, e.id, e.source_id, e.connection_id, e.destination_id, e.status, e.status_before`;

// The id is compared in an expression, so that no partitions are chosen by it: see `isSameRow`.
const HOLD = `
with target as materialized (
  select e.team_id, e.id from event e join order_line l on l.destination_id = e.destination_id and l.order_key = e.order_key
  where e.destination_id = $1 and e.order_key = $3 and e.id || '' >= l.from_id and ${isDue("e")} and l.is_blocked and l.due_at > now() and ${IS_HOLDER}
  order by e.id limit $4 for update of e
), moved as (
  update event e set status = 'HOLD', ${statusBefore("e")}, hold_reason = 'waits_for_order',
    moves = ${withMove("e", "json_build_object('move', 'hold', 'at', now(), 'reason', 'waits_for_order')")}
  ${UPDATED}
), ${COUNT_MOVED}
select id from moved`;

/** Holds up to `limit` events that wait behind the head of a blocked line. Returns how many. */
export async function holdFollowers(
  db: Queryable,
  lease: { destinationId: string; token: string },
  key: string,
  limit: number,
): Promise<number> {
  const values = [lease.destinationId, lease.token, key, limit];
  return (await db.query({ name: "hold-followers", text: HOLD, values })).rowCount ?? 0;
}

const RELEASE = `
with target as materialized (
  select team_id, id from event e
  where e.destination_id = $1 and e.id = any ($3::text[]) and e.id between $4 and $5 and e.status = 'HOLD' and e.hold_reason = 'waits_for_order' and ${IS_HOLDER}
  order by e.id for update
), moved as (
  update event e set ${statusBefore("e")}, hold_reason = null,
    status = case when e.attempts > e.retries_counted_from and e.trigger in ('AUTOMATIC', 'UNPAUSE') then 'RETRYING' else 'QUEUED' end,
    moves = ${withMove("e", "json_build_object('move', 'release', 'at', now())")}
  ${UPDATED}
), tallied as (${TALLY})
select id from moved`;

/** Puts events back in line whose turn is near. Returns their ids. */
export async function releaseInOrder(
  db: Queryable,
  lease: { destinationId: string; token: string },
  ids: string[],
): Promise<Set<string>> {
  const sorted = ids.toSorted();
  const values = [lease.destinationId, lease.token, sorted, sorted[0], sorted.at(-1)];
  const { rows } = await db.query<{ id: string }>({ name: "release-in-order", text: RELEASE, values });
  return new Set(rows.map(({ id }) => id));
}

const PASS_OVER = `
update event e set ended_because = 'skipped_in_order'
where e.destination_id = $1 and e.id = any ($3::text[]) and e.id between $4 and $5 and ${blocksItsLine("e")} and ${IS_HOLDER}`;

/** Lets later events pass those that have failed for good. */
export async function passOver(
  db: Queryable,
  lease: { destinationId: string; token: string },
  ids: string[],
): Promise<void> {
  const sorted = ids.toSorted();
  const values = [lease.destinationId, lease.token, sorted, sorted[0], sorted.at(-1)];
  await db.query({ name: "pass-over", text: PASS_OVER, values });
}

/** When the next line of a destination is due, or null when it has none. May lie in the past. */
export async function nextLineDueAt(db: Queryable, destinationId: string): Promise<Date | null> {
  const { rows } = await db.query<{ due_at: Date }>({
    name: "next-line-due",
    text: "select due_at from order_line where destination_id = $1 order by due_at limit 1",
    values: [destinationId],
  });
  return rows[0]?.due_at ?? null;
}
