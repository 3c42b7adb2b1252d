// Rollups: counts per minute and branch, added in the same statement as the rows that they count. Charts read them and
// never the big tables.
import { numbered, type RowCount, selectParameters } from "./parameter-rows.sql.ts";

export const ROLLUP_COUNTS = [
  "accepted_count",
  "rejected_count",
  "duplicate_count",
  "signature_failure_count",
  "event_count",
  "ignored_count",
  "attempt_count",
  "delivered_count",
  "failed_count",
  "retrying_count",
  "hold_count",
  "cancelled_count",
  // Of the rejected, and of the ignored, by cause.
  "rejected_disabled_count",
  "rejected_method_count",
  "rejected_size_count",
  "rejected_encoding_count",
  "rejected_timestamp_count",
  "rejected_rate_count",
  "ignored_duplicate_count",
  "ignored_filtered_count",
  "ignored_transform_count",
  "ignored_disabled_count",
] as const;
export type RollupCount = (typeof ROLLUP_COUNTS)[number];

const KEY = ["team_id", "bucket", "source_id", "connection_id", "destination_id"];
/** Of its columns, in their order. */
export const ROLLUP_KEY_TYPES = ["text", "timestamptz", "text", "text", "text"];
const ORDER = KEY.map((column) => (column === "bucket" ? column : `${column} collate "C"`)).join(", ");

/**
 * The last part of a hot statement: adds its rows to their minutes. `rows` is a select with the columns `team_id`, `at`
 * (a time), `source_id`, `connection_id` and `destination_id` ('' at the door), and one integer column for each of
 * `counts`; with `latencies` also `latency_bucket` (see `bucketOf`), that of the row's attempts, or null.
 * Keys are upserted in order, so that two statements which share some wait for each other and never deadlock.
 */
export function rollupUpsert(counts: readonly RollupCount[], rows: string, { latencies = false } = {}): string {
  const added = counts.map((count) => `${count} = m.${count} + excluded.${count}`);
  if (latencies) added.push("latency_histogram = histogram_add(m.latency_histogram, excluded.latency_histogram)");
  return `
insert into rollup_minute as m (${[...KEY, ...counts, ...(latencies ? ["latency_histogram"] : [])].join(", ")})
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  ${counts.map((count) => `sum(${count})`).join(", ")}${latencies ? ", latency_histogram(latency_bucket, attempt_count)" : ""}
from (${rows}) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by ${ORDER}
on conflict (${KEY.join(", ")}) do update set ${added.join(", ")}`;
}

/**
 * The same for counts that the process made (`makeMinuteCounts`), whose parameters are those from number `from` on: one row for
 * each minute and branch, in order.
 */
export function rollupAdd(counts: readonly RollupCount[], from: number, rows: RowCount): string {
  const types = [...ROLLUP_KEY_TYPES, ...counts.map(() => "integer")];
  return `
insert into rollup_minute as m (${[...KEY, ...counts].join(", ")})
${selectParameters(numbered(types, from), rows)}
on conflict (${KEY.join(", ")}) do update set ${counts.map((count) => `${count} = m.${count} + excluded.${count}`).join(", ")}`;
}
