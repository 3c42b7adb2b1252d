// Minutes of traffic that nobody sent, for tests of what reads them.

import { addHistograms } from "#server/batch/histogram.ts";
import { ROLLUP_COUNTS, type RollupCount } from "#server/batch/rollup.sql.ts";
import type { Queryable } from "#server/database/db.ts";

const MINUTE_MS = 60_000;

/** The start of the minute that a time belongs to. */
export const minuteOf = (time: Date): Date => new Date(Math.floor(time.getTime() / MINUTE_MS) * MINUTE_MS);

/** What to add to one minute of one branch. Counts that are left out add nothing. */
export interface RollupDelta extends Partial<Record<RollupCount, number>> {
  team_id: string;
  /** See `minuteOf`. */
  bucket: Date;
  source_id: string;
  /** `""` at the door, where a request has no connection yet. */
  connection_id: string;
  /** `""` at the door. */
  destination_id: string;
  /** Attempts per bucket of `bucketOf`. */
  latency_histogram?: number[];
}

const KEY = "team_id, bucket, source_id, connection_id, destination_id";

/**
 * The upsert of the rows in a JSON parameter made by `rollupParameter`; `parameter` is its placeholder, such as `$1`.
 * Complete as a statement, and fit for the body of a CTE where the counts go in with what they count.
 */
function rollupUpsertFrom(parameter: string): string {
  const counts = ROLLUP_COUNTS.join(", ");
  return `insert into rollup_minute as r (${KEY}, ${counts}, latency_histogram)
    select ${KEY}, ${ROLLUP_COUNTS.map((count) => `coalesce(${count}, 0)`).join(", ")}, coalesce(latency_histogram, '{}')
    from json_to_recordset(${parameter}::json) as delta(
      team_id text, bucket timestamptz, source_id text, connection_id text, destination_id text,
      ${ROLLUP_COUNTS.map((count) => `${count} integer`).join(", ")}, latency_histogram integer[])
    order by ${KEY.replaceAll(/(\w+_id)/g, '$1 collate "C"')}
    on conflict (${KEY}) do update set
      ${ROLLUP_COUNTS.map((count) => `${count} = r.${count} + excluded.${count}`).join(", ")},
      latency_histogram = histogram_add(r.latency_histogram, excluded.latency_histogram)`;
}

/** The deltas as the JSON that `rollupUpsertFrom` reads: one row per key, because an upsert may not touch a row twice. */
export function rollupParameter(deltas: Iterable<RollupDelta>): string {
  const merged = new Map<string, RollupDelta>();
  for (const delta of deltas) {
    const key = [
      delta.team_id,
      delta.bucket.getTime(),
      delta.source_id,
      delta.connection_id,
      delta.destination_id,
    ].join();
    const earlier = merged.get(key);
    merged.set(key, earlier ? addDeltas(earlier, delta) : delta);
  }
  return JSON.stringify([...merged.values()]);
}

function addDeltas(a: RollupDelta, b: RollupDelta): RollupDelta {
  const sum: RollupDelta = {
    ...a,
    latency_histogram: addHistograms(a.latency_histogram ?? [], b.latency_histogram ?? []),
  };
  for (const count of ROLLUP_COUNTS) {
    if (b[count] !== undefined) sum[count] = (a[count] ?? 0) + b[count];
  }
  return sum;
}

const ADD_ROLLUPS = { name: "add-rollups", text: rollupUpsertFrom("$1") };

/** Adds the deltas in one statement, in order of key: two batches that share rows then wait for each other and never deadlock. */
export async function addRollups(db: Queryable, deltas: Iterable<RollupDelta>): Promise<void> {
  const parameter = rollupParameter(deltas);
  if (parameter !== "[]") await db.query({ ...ADD_ROLLUPS, values: [parameter] });
}
