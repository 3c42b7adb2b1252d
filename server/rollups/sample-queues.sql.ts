// Notes how the queues stand, for the charts of their depth: what has left the queue leaves nothing to count later.
import type { Queryable } from "#server/database/db.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { countsAsLate, isDue } from "#server/events/lifecycle.sql.ts";

const KEY = "team_id, source_id, connection_id, destination_id";
const WAITING = "sum(queued_count + scheduled_count + retrying_count)";

/** At each destination this many that are due first are looked at for the oldest. */
const LOOKED_AT = 100;

const SAMPLE = `
with waiting as materialized (
  select ${KEY}, ${WAITING} as queue_depth, sum(hold_count) as hold_count from (${BRANCH_COUNT_ROWS}) as counts
  group by ${KEY} having ${WAITING} > 0 or sum(hold_count) > 0
), oldest as (
  select ${KEY.replaceAll(/(\w+)/g, "ahead.$1")}, min(ahead.created_at) as created_at
  from (select distinct destination_id from waiting where queue_depth > 0) as busy cross join lateral (
    select ${KEY}, created_at, status from event
    where event.destination_id = busy.destination_id and ${isDue("event")} order by next_attempt_at, id limit ${LOOKED_AT}
  ) as ahead where ${countsAsLate("ahead")} group by 1, 2, 3, 4
)
insert into queue_sample (team_id, bucket, source_id, connection_id, destination_id, queue_depth, hold_count, oldest_age_ms)
select w.team_id, date_trunc('minute', $1::timestamptz), w.source_id, w.connection_id, w.destination_id, w.queue_depth, w.hold_count,
  case when o.created_at is not null then greatest(0, extract(epoch from $1::timestamptz - o.created_at) * 1000) end
from waiting w left join oldest o using (${KEY})
on conflict do nothing`;

/** Once for each minute, whoever asks first: a branch whose queue is empty leaves no row. */
export async function sampleQueues(db: Queryable, now: Date): Promise<void> {
  await db.query({ name: "sample-queues", text: SAMPLE, values: [now] });
}
