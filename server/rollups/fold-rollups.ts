// Hours and days are made of the minutes, each anew as a whole, so making one twice changes nothing. A minute that changes
// after its hour was made has left a note of it (a trigger of `rollup_minute`, which no writer can forget).
import { ROLLUP_COUNTS } from "#server/batch/rollup.sql.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { inTransaction, type Pool } from "#server/database/db.ts";

const KEY = "team_id, bucket, source_id, connection_id, destination_id";
const COUNTS = ROLLUP_COUNTS.join(", ");
const SUMS = ROLLUP_COUNTS.map((count) => `sum(${count})`).join(", ");
const REPLACE = [...ROLLUP_COUNTS, "latency_histogram"].map((column) => `${column} = excluded.${column}`).join(", ");

/** The sums of `from` over the spans in `spans`, a select of `team_id` and `start`. */
const sumInto = (into: "rollup_hour" | "rollup_day", from: "rollup_minute" | "rollup_hour", spans: string): string => {
  const unit = into === "rollup_hour" ? "hour" : "day";
  return `
insert into ${into} (${KEY}, ${COUNTS}, latency_histogram)
select r.team_id, span.start, r.source_id, r.connection_id, r.destination_id, ${SUMS}, histogram_sum(latency_histogram)
from (${spans}) as span join ${from} r
  on r.team_id = span.team_id and r.bucket >= span.start and r.bucket < span.start + interval '1 ${unit}'
group by r.team_id, span.start, r.source_id, r.connection_id, r.destination_id
on conflict (${KEY}) do update set ${REPLACE}`;
};

/**
 * How long after its end an hour is made. A minute is noted as late from one hour on after it began, so a transaction would
 * have to last for an hour to be missed by both.
 */
const PATIENCE = "interval '2 hours'";

const LOCK = `select pg_advisory_xact_lock(${ADVISORY_LOCKS.foldRollups})`;
// Team by team, because the minutes are indexed so.
const TAKE = `
with progress as (
  select hours_until, date_trunc('hour', $1::timestamptz - ${PATIENCE}, 'UTC') as until from rollup_progress where id = 1
), late as (delete from rollup_late where hour < (select until from progress) returning team_id, hour)
select team_id, hour as start from late where hour >= $2
union
select team.id, ended.hour from team cross join progress cross join lateral (
  select distinct date_trunc('hour', bucket, 'UTC') as hour from rollup_minute
  where team_id = team.id and bucket >= hours_until and bucket < until) as ended`;
const ADVANCE = `
update rollup_progress set hours_until = greatest(hours_until, date_trunc('hour', $1::timestamptz - ${PATIENCE}, 'UTC')) where id = 1`;

const SPANS = "select * from unnest($1::text[], $2::timestamptz[]) as span(team_id, start)";
const MAKE_HOURS = sumInto("rollup_hour", "rollup_minute", SPANS);
const DAYS = `select distinct team_id, date_trunc('day', start, 'UTC') as start from (${SPANS}) as hours`;
const MAKE_DAYS = sumInto("rollup_day", "rollup_hour", DAYS);

/**
 * Makes the hours that ended two hours ago or earlier and the days that they belong to, with those that changed late.
 * @param keptFrom the first moment of which all minutes are still there: an hour before it stays as it is
 */
export const foldRollups = (pool: Pool, now: Date, keptFrom: Date): Promise<void> =>
  inTransaction(pool, async (client) => {
    await client.query(LOCK);
    const { rows } = await client.query<{ team_id: string; start: Date }>(TAKE, [now, keptFrom]);
    const spans = [rows.map(({ team_id }) => team_id), rows.map(({ start }) => start)];
    if (rows.length > 0) await client.query(MAKE_HOURS, spans);
    if (rows.length > 0) await client.query(MAKE_DAYS, spans);
    await client.query(ADVANCE, [now]);
  });
