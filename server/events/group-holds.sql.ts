// Events that are held because their group is paused, and their way back in line.
import type { Queryable } from "#server/database/db.ts";
import { countMoves, statusBefore } from "./branch-counts.sql.ts";
import { withMove } from "./lifecycle.sql.ts";
import { touchLines } from "./order-line.sql.ts";

export interface HeldGroup {
  destination_id: string;
  turn_key: string;
}

const PAUSED = "status = 'HOLD' and hold_reason = 'group_paused'";
const STEP = (after: string) => `(select destination_id, turn_key from event
  where ${PAUSED} and destination_id >= $1 and destination_id <= $2 ${after} order by destination_id, turn_key limit 1)`;

// One step over the index for each group, however many of its events are held.
const HELD = `
with recursive held as (
  ${STEP("")} union all select following.* from held cross join lateral ${STEP(
    "and (destination_id, turn_key) > (held.destination_id, held.turn_key)",
  )} as following
)
select destination_id, turn_key from held`;

/** @param destinationId looks at this one only */
export async function findHeldGroups(db: Queryable, destinationId?: string): Promise<HeldGroup[]> {
  const values = [destinationId ?? "", destinationId ?? "~"];
  return (await db.query<HeldGroup>({ name: "held-groups", text: HELD, values })).rows;
}

const RELEASE = `
with target as materialized (
  select team_id, id from event where destination_id = $1 and turn_key = $2 and ${PAUSED} order by id limit $3 for update
), moved as (
  update event e set
    ${statusBefore("e")},
    status = case when e.attempts > e.retries_counted_from and e.trigger in ('AUTOMATIC', 'UNPAUSE') then 'RETRYING' else 'QUEUED' end,
    hold_reason = null,
    trigger = case when e.trigger in ('INITIAL', 'AUTOMATIC') then 'UNPAUSE' else e.trigger end,
    moves = ${withMove("e", "json_build_object('move', 'release', 'at', now())")}
  from target
  where e.team_id = target.team_id and e.id = target.id and e.id = any (array(select id from target))
  returning e.team_id, e.id, e.source_id, e.connection_id, e.destination_id, e.status, e.status_before, e.order_key
), lined as (${touchLines("moved")}), tallied as (
  ${countMoves("select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from moved")}
)
select id from moved`;

/** Puts up to `limit` events of a group back in line, oldest first. Returns how many. */
export async function releaseGroup(db: Queryable, group: HeldGroup, limit: number): Promise<number> {
  const values = [group.destination_id, group.turn_key, limit];
  return (await db.query({ name: "release-group", text: RELEASE, values })).rowCount ?? 0;
}
