// What the counts of minutes must say once all is quiet: as much as the rows do.
import type { Queryable } from "#server/database/db.ts";

/** Per minute and key: what the charts say, and what the tables hold. */
const DIFFERENCES = `
with rows as (
  select date_trunc('minute', created_at) as bucket, '' as connection_id, '' as destination_id,
    1 as accepted, (duplicate_of is not null)::int as duplicates, 0 as events, 0 as ignored, 0 as attempts
  from request where source_id = $1 and status = 'accepted' and test is null
  union all
  select date_trunc('minute', created_at), connection_id, destination_id, 0, 0, 1, 0, 0 from event where source_id = $1
  union all
  select date_trunc('minute', created_at), connection_id, destination_id, 0, 0, 0, 1, 0 from ignored_event where source_id = $1
  union all
  select date_trunc('minute', created_at), connection_id, destination_id, 0, 0, 0, 0, 1 from attempt where source_id = $1
), counted as (
  select bucket, connection_id, destination_id, sum(accepted) as accepted, sum(duplicates) as duplicates, sum(events) as events,
    sum(ignored) as ignored, sum(attempts) as attempts
  from rows group by bucket, connection_id, destination_id
)
select bucket, connection_id, row_to_json(c) as counted, row_to_json(r) as rolled_up
from counted c full join (select * from rollup_minute where source_id = $1) r using (bucket, connection_id, destination_id)
where (coalesce(c.accepted, 0), coalesce(c.duplicates, 0), coalesce(c.events, 0), coalesce(c.ignored, 0), coalesce(c.attempts, 0))
  is distinct from (coalesce(r.accepted_count, 0), coalesce(r.duplicate_count, 0), coalesce(r.event_count, 0),
    coalesce(r.ignored_count, 0), coalesce(r.attempt_count, 0))`;

/** Minutes of a source whose counts differ from its rows. */
export async function findMiscountedMinutes(db: Queryable, sourceId: string): Promise<unknown[]> {
  return (await db.query(DIFFERENCES, [sourceId])).rows;
}
