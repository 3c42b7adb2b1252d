// The moves of events that need no attempt, as statements for a lane's pool and for a verb's transaction alike. Each locks
// its events in order of id, so that two moves wait for each other and never deadlock. Each counts what it moved.
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import type { AttemptTrigger } from "#server/contracts/attempt.ts";
import type { CancelReason } from "#server/contracts/event-life.ts";
import { countMoves, statusBefore } from "./branch-counts.sql.ts";
import { type EventRow, eventColumns } from "./event-row.sql.ts";
import { isOfPausedGroup } from "./group-row.sql.ts";
import { isDue, listOf, maySettle, retriesCountedFrom, withMove } from "./lifecycle.sql.ts";
import { MAY_MOVE_FROM } from "./lifecycle.ts";
import { blocksItsLine, orderMarkOf, touchLines } from "./order-line.sql.ts";
import { isSameRow } from "./same-row.sql.ts";

export interface Statement {
  text: string;
  values: unknown[];
}

const TALLY = countMoves(
  "select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from moved",
);
/** The part of a statement that counts what it moved: `moved` has the keys of the branch, `status` and `status_before`. */
export const COUNT_MOVED = `tallied as (${TALLY}), counted as (${rollupUpsert(
  ["hold_count", "cancelled_count"],
  `select team_id, now() as at, source_id, connection_id, destination_id,
     (status = 'HOLD')::integer as hold_count, (status = 'CANCELLED')::integer as cancelled_count from moved`,
)})`;

/** @param target the events, locked in order of id: a query for `team_id` and `id` */
const cancel = (target: string, reason: CancelReason): string => `
target as materialized (${target}), moved as (
  update event e set
    status = 'CANCELLED', ${statusBefore("e")}, next_attempt_at = null, error_code = 'CANCELLED', hold_reason = null,
    ended_because = null, moves = ${withMove("e", `json_build_object('move', 'cancel', 'at', now(), 'reason', '${reason}')`)}
  from target
  where ${isSameRow("e", "target")}
  returning ${eventColumns("e")}, e.status_before, e.order_key
), lined as (${touchLines("moved")}), ${COUNT_MOVED}`;

/** What a cancel on request ends: what is not finished, and what has failed while later events of its line wait for it. */
export const mayBeCancelled = (row: string): string =>
  `(${row}.status in (${listOf(MAY_MOVE_FROM.cancel)}) or ${blocksItsLine(row)})`;

const OF_IDS = `select team_id, id from event e
  where team_id = $1 and id = any ($2::text[]) and ${mayBeCancelled("e")} order by id for update`;

/** An event that a cancel has ended. The lane of one with an order key has its line to look at. */
export type CancelledEvent = EventRow & { is_in_line: boolean };

/** Ends these events of a team, where {@link mayBeCancelled} lets it. Returns those that it ended. */
export const cancelStatement = (teamId: string, ids: readonly string[]): Statement => ({
  text: `with ${cancel(OF_IDS, "requested")}
    select ${eventColumns("moved")}, order_key is not null as is_in_line from moved order by id`,
  values: [teamId, ids],
});

/** Held events that have connection, reason and destination in common. */
export interface HoldGroup {
  connection_id: string;
  /** Empty for events that were held before reasons were stored. */
  reason: string;
  destination_id: string;
}

const OF_GROUP = `select team_id, id from event
  where connection_id = $1 and coalesce(hold_reason, '') = $2 and destination_id = $3 and status in (${listOf(MAY_MOVE_FROM.release)})
  order by id limit $4 for update`;

const groupValues = (group: HoldGroup, limit: number) => [
  group.connection_id,
  group.reason,
  group.destination_id,
  limit,
];

/** Ends up to `limit` held events of a group whose connection is gone. Returns a row for each. */
export const cancelHeldStatement = (group: HoldGroup, limit: number): Statement => ({
  text: `with ${cancel(OF_GROUP, "connection_deleted")} select id from moved`,
  values: groupValues(group, limit),
});

// A due event is left to its lane, which may have it on the wire. The margin allows for the lane's clock.
const WAITING = `e.next_attempt_at > now() + interval '5 seconds'`;
const PAGE = `select team_id, id, connection_id, next_attempt_at from event e
  where destination_id = $2 and ${isDue("e")} and ${WAITING} and (next_attempt_at, id) > ($3::timestamptz, $4)
  order by next_attempt_at, id limit $5`;
const OF_PAGE = `select e.team_id, e.id from page join event e on ${isSameRow("e", "page")}
  where page.connection_id = $1 and ${maySettle("e")} and ${WAITING} order by e.id for update of e`;

/** The last event of a page, in the order of the lane of a destination. */
export interface WaitingCursor {
  next_attempt_at: Date | "-infinity";
  id: string;
}

/**
 * Looks through a page of `limit` events that wait for their time at a destination, and ends those of a connection that is
 * gone. Returns the page's last event, or nothing when it was the last page.
 */
export const cancelWaitingStatement = (
  branch: { connectionId: string; destinationId: string },
  after: WaitingCursor,
  limit: number,
): Statement => ({
  text: `with page as materialized (${PAGE}), ${cancel(OF_PAGE, "connection_deleted")}
    select next_attempt_at, id from page where (select count(*) from page) = $5
    order by next_attempt_at desc, id desc limit 1`,
  values: [branch.connectionId, branch.destinationId, after.next_attempt_at, after.id, limit],
});

/**
 * Puts held events back in line. Returns a row for each. A retry goes on waiting as a retry. A replay keeps its trigger, by which
 * its attempts are told from the others.
 * @param target the events, locked in order of id: a query for `team_id` and `id`
 */
export const release = (target: string): string => `
with target as materialized (${target}), moved as (
update event e set
  ${statusBefore("e")},
  status = case when e.attempts > e.retries_counted_from and e.trigger in ('AUTOMATIC', 'UNPAUSE') then 'RETRYING'
    when e.next_attempt_at > now() then 'SCHEDULED' else 'QUEUED' end,
  hold_reason = null,
  trigger = case when e.trigger in ('INITIAL', 'AUTOMATIC') then 'UNPAUSE' else e.trigger end,
  moves = ${withMove("e", "json_build_object('move', 'release', 'at', now())")}
from target
where ${isSameRow("e", "target")}
returning e.team_id, e.id, e.source_id, e.connection_id, e.destination_id, e.status, e.status_before, e.order_key, e.turn_key
), lined as (${touchLines("moved")}), tallied as (${TALLY})
select id from moved`;

/** Puts up to `limit` held events of a group back in line, oldest first. Returns a row for each. */
export const releaseStatement = (group: HoldGroup, limit: number): Statement & { name: string } => ({
  name: "release-held",
  text: release(OF_GROUP),
  values: groupValues(group, limit),
});

/**
 * Makes events of a team due at once, or holds them where their connection or group is paused or their destination disabled. Events
 * that are queued or held already, and those without a connection, stay as they are. What had ended before its destination
 * kept an order goes in the line of requests without the key: a lane looks at lines only. Returns the events that were moved.
 * @param bulkId the bulk operation that does it, if one does
 */
export const requeueStatement = (
  teamId: string,
  ids: readonly string[],
  {
    trigger,
    now,
    bulkId = null,
  }: { trigger: Extract<AttemptTrigger, "MANUAL" | "BULK">; now: Date; bulkId?: string | null },
): Statement => ({
  text: `
with target as materialized (
  select e.team_id, e.id, case when c.paused_at is not null then 'connection_paused'
    when d.disabled_at is not null then 'destination_disabled'
    when ${isOfPausedGroup("e", "d")} then 'group_paused' end as hold_reason,
    coalesce(e.order_key, ${orderMarkOf("d")}) as order_key
  from event e join connection c on c.id = e.connection_id and c.team_id = e.team_id join destination d on d.id = e.destination_id
  where e.team_id = $1 and e.id = any ($2::text[]) and e.status in (${listOf(MAY_MOVE_FROM.requeue)}) order by e.id for update of e
), moved as (
  update event e set
    status = case when target.hold_reason is null then 'QUEUED' else 'HOLD' end,
    ${statusBefore("e")},
    hold_reason = target.hold_reason,
    order_key = target.order_key,
    ended_because = null,
    trigger = $3,
    bulk_id = $5,
    next_attempt_at = now(),
    retries_counted_from = ${retriesCountedFrom("e")},
    delivered_at = null,
    moves = ${withMove("e", "json_build_object('move', 'requeue', 'at', $4::timestamptz, 'trigger', $3::text, 'ended_because', e.ended_because)")}
  from target
  where ${isSameRow("e", "target")}
  returning ${eventColumns("e")}, e.status_before, e.order_key
), lined as (${touchLines("moved")}), ${COUNT_MOVED}
select ${eventColumns("moved")} from moved order by id`,
  values: [teamId, ids, trigger, now, bulkId],
});
