// Events that are held for a breaker, and their way back in line: one as a probe, or a page of them, the oldest first.
import type { Queryable } from "#server/database/db.ts";
import { countMoves, statusBefore } from "./branch-counts.sql.ts";
import { withMove } from "./lifecycle.sql.ts";
import { touchLines } from "./order-line.sql.ts";
import { isSameRow } from "./same-row.sql.ts";

const TALLY = countMoves(
  "select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from moved",
);

// The lane's token is checked in the same statement: a lane that lost its lease puts nothing back in line. What was due when
// it was held is due now, and its next attempt is what it would have been.
const RELEASE = `
with target as materialized (
  select team_id, id from event
  where destination_id = $1 and status = 'HOLD' and hold_reason = 'breaker_open' and id > $3
    and exists (select from lane where destination_id = $1 and token = $2::bigint)
  order by id limit $4 for update
), moved as (
  update event e set
    ${statusBefore("e")},
    status = case when e.attempts > e.retries_counted_from and e.trigger in ('AUTOMATIC', 'UNPAUSE') then 'RETRYING' else 'QUEUED' end,
    hold_reason = null,
    moves = ${withMove("e", "json_build_object('move', 'release', 'at', now())")}
  from target
  where ${isSameRow("e", "target")}
  returning e.team_id, e.id, e.source_id, e.connection_id, e.destination_id, e.status, e.status_before, e.order_key, e.turn_key
), lined as (${touchLines("moved")}), tallied as (${TALLY})
select id from moved order by id`;

/** Puts up to `limit` events back in line that are held for the breaker of a destination: those behind `after`. Returns their ids. */
export async function releaseFromBreaker(
  db: Queryable,
  lease: { destinationId: string; token: string },
  after: string,
  limit: number,
): Promise<string[]> {
  const values = [lease.destinationId, lease.token, after, limit];
  const { rows } = await db.query<{ id: string }>({ name: "release-from-breaker", text: RELEASE, values });
  return rows.map(({ id }) => id);
}
