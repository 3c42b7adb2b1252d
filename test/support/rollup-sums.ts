// What the hours and days must be: the sums of all their minutes that are still there.
import { ROLLUP_COUNTS } from "#server/batch/rollup.sql.ts";
import type { Queryable } from "#server/database/db.ts";

const KEY = "team_id, bucket, source_id, connection_id, destination_id";
const SUMS = ROLLUP_COUNTS.map((count) => `sum(${count}) as ${count}`).join(", ");

// Hours of which minutes are left, up to the one that is being counted.
const differences = (table: string, unit: string) => `
select '${unit}' as unit, ${KEY}, row_to_json(m) as of_minutes, row_to_json(s) as sum
from (
  select team_id, date_trunc('${unit}', bucket, 'UTC') as bucket, source_id, connection_id, destination_id, ${SUMS},
    (select array_agg(total order by n) from (
       select n, sum(x)::int as total from unnest(array_agg(array_to_string(latency_histogram, ','))) as text(h),
         unnest(string_to_array(h, ',')::int[]) with ordinality as bar(x, n) group by n) as bars) as latency_histogram
  from rollup_minute where date_trunc('${unit}', bucket, 'UTC') + interval '1 ${unit}' <= (select hours_until from rollup_progress)
  group by 1, 2, 3, 4, 5
) as m full join (
  select s.* from ${table} s where bucket + interval '1 ${unit}' <= (select hours_until from rollup_progress) and exists (
    select from rollup_minute x where x.team_id = s.team_id and x.bucket >= s.bucket and x.bucket < s.bucket + interval '1 ${unit}')
) as s using (${KEY})
where (${ROLLUP_COUNTS.map((count) => `m.${count}`).join(", ")}, m.latency_histogram)
  is distinct from (${ROLLUP_COUNTS.map((count) => `s.${count}::bigint`).join(", ")}, nullif(s.latency_histogram, '{}'))`;

/** Hours and days that are not what their minutes are. */
export async function findUnequalSums(db: Queryable): Promise<unknown[]> {
  const text = `${differences("rollup_hour", "hour")} union all ${differences("rollup_day", "day")}`;
  return (await db.query(text)).rows;
}
