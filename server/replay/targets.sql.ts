// The targets of an operation: events to queue again, requests to route, and those that it leaves out, with the reason. The
// plan counts the very rows that the pages of the operation go through.
import type { BulkFilter, BulkKind } from "#server/contracts/bulk.ts";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import type { IgnoredCause } from "#server/contracts/request.ts";
import { listOf } from "#server/events/lifecycle.sql.ts";
import { MAY_MOVE_FROM } from "#server/events/lifecycle.ts";
import { mayBeCancelled } from "#server/events/moves.sql.ts";
import type { FeedTarget } from "./feed.ts";
import { type Bind, idBounds, isEventMatch, isRequestMatch, makeBind } from "./filters.sql.ts";

export interface Statement {
  text: string;
  values: unknown[];
}

export interface Operation {
  teamId: string;
  kind: BulkKind;
  filter: BulkFilter;
}

/** Whether an operation goes through requests: to route them, or because some have no event yet. */
export const readsRequests = ({ kind, filter }: Pick<Operation, "kind" | "filter">): boolean =>
  kind === "requests_retry" || filter.backfills === true;

const CANCEL_SKIP = `case when not ${mayBeCancelled("e")} then 'finished' end`;

const EVENT_SKIP = `case when e.status not in (${listOf(MAY_MOVE_FROM.requeue)}) then 'in_line'
  when e.connection_id = '${DEBUG_COPIES}' then 'debug_copy'
  when c.id is null or d.id is null then 'connection_deleted'
  when d.disabled_at is not null then 'destination_disabled'
  when r.id is null or r.erased_at is not null then 'request_gone' end`;

const WAYS = `left join connection c on c.id = e.connection_id and c.team_id = e.team_id
  left join destination d on d.id = e.destination_id and d.team_id = e.team_id`;

/** Causes that come of a rule. A connection or destination that was disabled at the time is no such cause. */
const BY_RULES: IgnoredCause[] = ["DEDUPLICATED", "FILTERED", "TRANSFORMATION_FAILED", "RULES_TOO_EXPENSIVE"];

const REQUEST_SKIP =
  "case when r.status <> 'accepted' then 'rejected' when r.erased_at is not null then 'request_gone' when r.test = 'unrouted' then 'test' when r.duplicate_of is not null then 'duplicate'";

/** The children of a request that a table of derived ids holds: one millisecond of the id space, by primary key. */
const childOf = (prefix: string, row: string) =>
  `${row}.team_id = r.team_id and ${row}.request_id = r.id
    and ${row}.id between '${prefix}_' || substr(r.id, 5, 10) and '${prefix}_' || substr(r.id, 5, 10) || '~'`;

/**
 * Events, each with the reason to leave it out, if any. `from` is a relation `e` with the columns of an event that are read
 * here.
 */
const eventTargets = (from: string) => `
select e.id, e.id as event_id, null::text as request_id, e.status, array[e.destination_id] as destination_ids, ${EVENT_SKIP} as skip
from ${from} ${WAYS}
  left join lateral (select id, erased_at from request r where r.team_id = e.team_id and r.id = e.request_id) as r on true`;

/** Events that are to end: nothing is sent, wherever they would have gone. */
const cancelTargets = (from: string) => `
select e.id, e.id as event_id, null::text as request_id, e.status, '{}'::text[] as destination_ids, ${CANCEL_SKIP} as skip from ${from}`;

/** Requests of a connection's source, each with its event on the connection or with the reason not to route it there. */
const backfillTargets = (from: string, connection: string) => `
select r.id, e.id as event_id, case when e.id is null then r.id end as request_id, coalesce(e.status, 'NONE') as status,
  array[coalesce(e.destination_id, own.destination_id)] as destination_ids,
  case when e.id is not null then ${EVENT_SKIP}
    else ${REQUEST_SKIP} when i.cause in (${BY_RULES.map((cause) => `'${cause}'`).join(", ")}) then 'ignored_by_rules' end end as skip
from ${from}
  join connection own on own.id = ${connection} and own.team_id = r.team_id
  left join lateral (select * from event e where ${childOf("evt", "e")} and e.connection_id = own.id) as e on true
  left join lateral (select cause from ignored_event i where ${childOf("ign", "i")} and i.connection_id = own.id) as i on true
  ${WAYS}`;

/** The connections that a request is routed to. */
const takes = (connections: string) =>
  `c.team_id = r.team_id and c.source_id = r.source_id and c.disabled_at is null
    and (${connections}::text[] is null or c.id = any (${connections}::text[]))`;

const requestTargets = (from: string, connections: string) => `
select r.id, null::text as event_id, r.id as request_id, r.status, way.destination_ids,
  ${REQUEST_SKIP} when way.destination_ids = '{}' then 'no_connection' end as skip
from ${from} cross join lateral (
  select coalesce(array_agg(distinct c.destination_id), '{}') as destination_ids from connection c where ${takes(connections)}
) as way`;

function targets({ kind, filter }: Operation, from: string, bind: Bind): string {
  if (kind === "events_cancel") return cancelTargets(from);
  if (kind === "requests_retry") return requestTargets(from, bind(filter.connection_id ?? null));
  return filter.backfills ? backfillTargets(from, bind(filter.connection_id?.[0])) : eventTargets(from);
}

/** The table that an operation goes through, and the columns of it that are needed further on. */
function tableOf(operation: Operation) {
  return readsRequests(operation)
    ? {
        table: "request",
        row: "r",
        columns: "team_id, id, source_id, status, duplicate_of, test, erased_at",
        isMatch: isRequestMatch,
      }
    : {
        table: "event",
        row: "e",
        columns: "team_id, id, request_id, connection_id, destination_id, status, ended_because, order_key",
        isMatch: isEventMatch,
      };
}

export interface Target extends FeedTarget {
  /** The event to queue again, or to end. */
  event_id: string | null;
  /** The request to route. */
  request_id: string | null;
}

export interface Page {
  targets: Target[];
  lookedAt: number;
  /** The last row that the page looked at; null when there was none. */
  lastId: string | null;
}

/** Looks at `limit` rows behind the cursor, whether or not the filter matches them, so no page costs more than another. */
export function pageStatement(operation: Operation, after: string, limit: number): Statement {
  const { bind, values } = makeBind();
  const { table, row, columns, isMatch } = tableOf(operation);
  const { above, below } = idBounds(table as "event" | "request", operation.filter);
  const select = columns.split(", ").map((column) => `${row}.${column}`);
  const text = `
with page as materialized (
  select ${select.join(", ")}, ${isMatch(row, operation.filter, bind)} as is_match
  from ${table} ${row} where ${row}.team_id = ${bind(operation.teamId)} and ${row}.id > ${bind(after > above ? after : above)}
    and ${row}.id < ${bind(below)} order by ${row}.id limit ${bind(limit)}
), target as materialized (
  ${targets(operation, `(select * from page where is_match) as ${row}`, bind)}
)
select whole.looked_at, whole.last_id, target.* from (select count(*)::int as looked_at, max(id) as last_id from page) as whole
left join target on true order by target.id`;
  return { text, values };
}

/** All rows that an operation would find. */
function matched(operation: Operation, bind: Bind): string {
  const { table, row, isMatch } = tableOf(operation);
  const { above, below } = idBounds(table as "event" | "request", operation.filter);
  const from = `(select * from ${table} ${row} where ${row}.team_id = ${bind(operation.teamId)} and ${row}.id > ${bind(above)}
    and ${row}.id < ${bind(below)} and ${isMatch(row, operation.filter, bind)}) as ${row}`;
  return targets(operation, from, bind);
}

/** Counts the rows by state, destination and reason to be left out. */
export function countStatement(operation: Operation): Statement {
  const { bind, values } = makeBind();
  const text = `select status, destination_ids, skip, count(*)::int as count from (${matched(operation, bind)}) as target
    group by status, destination_ids, skip`;
  return { text, values };
}

/** The first rows that are not left out. */
export function sampleStatement(operation: Operation, limit: number): Statement {
  const { bind, values } = makeBind();
  const text = `select coalesce(event_id, request_id) as id from (${matched(operation, bind)}) as target
    where skip is null order by target.id limit ${bind(limit)}`;
  return { text, values };
}

/** A request and a destination that it goes to, through whichever connections lead there. */
export interface Way {
  requestId: string;
  destinationId: string;
}

/** Hands requests to routing, once for each connection that takes them. Returns a row for each. */
export const routeStatement = (operation: Operation & { id: string }, ways: readonly Way[]): Statement => ({
  text: `
insert into deferred_branch (team_id, request_id, source_id, connection_id, body_bytes, is_replay, bulk_id, due_at)
select r.team_id, r.id, r.source_id, c.id, r.body_bytes, true, $4, now()
from unnest($2::text[], $5::text[]) as way(request_id, destination_id)
  join request r on r.id = way.request_id join connection c on c.destination_id = way.destination_id and ${takes("$3")}
where r.team_id = $1 and r.id = any ($2::text[]) order by r.id, c.id returning id`,
  values: [
    operation.teamId,
    ways.map(({ requestId }) => requestId),
    operation.filter.connection_id ?? null,
    operation.id,
    ways.map(({ destinationId }) => destinationId),
  ],
});
