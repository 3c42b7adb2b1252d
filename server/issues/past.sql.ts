// The minutes of a week behind a trial of a rule. Hours that are summed up say which subjects were in trouble, and when; only
// minutes around those are read.
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";

interface Statement {
  text: string;
  values: unknown[];
}

/** The worst ones. */
export const MAX_PAST_SUBJECTS = 20;
/** The newest. */
export const MAX_PAST_MINUTES = 20_000;

/** Hours in trouble, of the hours that are summed up and of the minutes since. */
const troubledHours = (subject: string, where: string, trouble: string) => `
hours as (
  select ${subject} as id, bucket, ${trouble} as trouble from rollup_hour
  where team_id = $1 and bucket >= date_trunc('hour', $2::timestamptz) and bucket < (select hours_until from rollup_progress where id = 1) and ${where} group by 1, 2
  union all
  select ${subject}, date_trunc('hour', bucket, 'UTC'), ${trouble} from rollup_minute
  where team_id = $1 and bucket >= greatest((select hours_until from rollup_progress where id = 1), $2::timestamptz) and ${where} group by 1, 2
), troubled as (
  select id, bucket, sum(trouble) over (partition by id) as total from hours where trouble > 0
), worst as (
  select id, row_number() over (order by total desc, id) as place from (select distinct id, total from troubled) as each
), looked_at as (
  select distinct t.id, around.bucket from troubled t join worst using (id)
  cross join lateral (values (t.bucket - interval '1 hour'), (t.bucket), (t.bucket + interval '1 hour')) as around(bucket)
  where worst.place <= ${MAX_PAST_SUBJECTS}
)`;

const IS_BRANCH = `connection_id not in ('', '${DEBUG_COPIES}')`;
const BRANCH_TROUBLE = "sum(greatest(attempt_count - delivered_count, 0) + failed_count + ignored_transform_count)";

const newest = (select: string) => `select *, (select count(*) from worst)::int as subjects from (
  ${select} order by m.bucket desc limit ${MAX_PAST_MINUTES}) as newest order by bucket`;

export interface PastRow {
  bucket: Date;
  /** In trouble, whether they are looked at or not. */
  subjects: number;
}
export interface PastBranch extends PastRow {
  connection_id: string;
  attempts: number;
  delivered: number;
  failed: number;
  transform_errors: number;
  runs: number;
}
export const pastBranches = (teamId: string, from: Date): Statement => ({
  text: `with ${troubledHours("connection_id", IS_BRANCH, BRANCH_TROUBLE)}
${newest(`select m.connection_id, m.bucket, sum(attempt_count)::int as attempts, sum(delivered_count)::int as delivered,
    sum(failed_count)::int as failed, sum(ignored_transform_count)::int as transform_errors,
    sum(event_count + ignored_filtered_count + ignored_transform_count)::int as runs
  from looked_at l join rollup_minute m on m.team_id = $1 and m.connection_id = l.id
    and m.bucket >= l.bucket and m.bucket < l.bucket + interval '1 hour'
  group by m.connection_id, m.bucket`)}`,
  values: [teamId, from],
});

export interface PastDoor extends PastRow {
  source_id: string;
  accepted: number;
  signature_failures: number;
}
export const pastDoors = (teamId: string, from: Date): Statement => ({
  text: `with ${troubledHours("source_id", "connection_id = ''", "sum(signature_failure_count)")}
${newest(`select m.source_id, m.bucket, sum(accepted_count)::int as accepted, sum(signature_failure_count)::int as signature_failures
  from looked_at l join rollup_minute m on m.team_id = $1 and m.source_id = l.id and m.connection_id = ''
    and m.bucket >= l.bucket and m.bucket < l.bucket + interval '1 hour'
  group by m.source_id, m.bucket`)}`,
  values: [teamId, from],
});

export interface PastQuiet {
  source_id: string;
  hour: Date;
  /** The longest gap that began in the hour; the last one of a source goes on until now. */
  ms: number;
  start: Date;
  seen: number;
  sources: number;
}
export const pastQuiet = (teamId: string, from: Date, now: Date): Statement => ({
  text: `with heard as (
  select distinct source_id, bucket from rollup_minute
  where team_id = $1 and bucket >= $2 and bucket <= $3 and connection_id = '' and accepted_count + duplicate_count > 0
    and source_id in (select id from source where team_id = $1 and disabled_at is null and not is_system)
), busiest as (
  select source_id, row_number() over (order by count(*) desc, source_id) as place from heard group by 1
), gaps as (
  select source_id, bucket as start, lead(bucket) over (partition by source_id order by bucket) as next from heard
), measured as (
  select source_id, start, date_trunc('hour', start, 'UTC') as hour, (next is not null)::int as is_over,
    extract(epoch from coalesce(next, $3::timestamptz) - start)::float8 * 1000 as ms
  from gaps join busiest using (source_id) where place <= ${MAX_PAST_SUBJECTS}
)
select source_id, hour, max(ms) as ms, (array_agg(start order by ms desc))[1] as start, sum(is_over)::int as seen,
  (select count(*) from busiest)::int as sources
from measured group by 1, 2 order by 1, 2`,
  values: [teamId, from, now],
});

export interface PastSample extends PastRow {
  destination_id: string;
  late_ms: number;
}
/** Samples of lines that were late by at least `lateMs`. */
export const pastSamples = (teamId: string, from: Date, lateMs: number): Statement => ({
  text: `with late as (
  select destination_id, bucket, max(oldest_age_ms)::float8 as late_ms from queue_sample
  where team_id = $1 and bucket >= $2 and destination_id <> '' group by 1, 2 having max(oldest_age_ms) >= $3
), worst as (
  select destination_id, row_number() over (order by max(late_ms) desc, destination_id) as place from late group by 1
)
${newest(`select m.destination_id, m.bucket, m.late_ms
  from late m join worst using (destination_id) where place <= ${MAX_PAST_SUBJECTS}`)}`,
  values: [teamId, from, lateMs],
});

/** Which connection runs which transformation. */
export const pastUses = (teamId: string): Statement => ({
  text: `select c.id as connection_id, rule ->> 'transformation_id' as transformation_id
from connection c cross join jsonb_array_elements(c.rules) as rule where c.team_id = $1 and rule ->> 'type' = 'transform'`,
  values: [teamId],
});
