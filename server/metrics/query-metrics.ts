// Charts: counts and latencies over time from the rollups, and the queue as it stands now.

import type { Ctx } from "#server/auth/ctx.ts";
import { percentile } from "#server/batch/histogram.ts";
import { ROLLUP_COUNTS, type RollupCount } from "#server/batch/rollup.sql.ts";
import {
  GRANULARITY_MS,
  type Metrics,
  type MetricsPoint,
  type MetricsSubject,
  type QueryMetrics,
} from "#server/contracts/metrics.ts";
import { resolveTime } from "#server/contracts/time-bound.ts";
import { AppError } from "#server/errors/app-error.ts";
import {
  type CountRow,
  type HistogramRow,
  type QueueCounts,
  type RollupRange,
  type Series,
  selectCounts,
  selectHistograms,
  selectQueue,
} from "./query-metrics.sql.ts";

/** Points of one answer: buckets times series. */
const MAX_POINTS = 5_000;

type Measures = Record<string, number | null>;

/**
 * Measures per bucket and combination of the asked dimensions.
 * - requests: accepted, rejected, duplicate and signature failure counts; events and ignored events that they made.
 * - events: made (`event_count`), held when made, ignored, delivered, failed for good, gone to a retry; `success_rate` is
 *   delivered / (delivered + failed).
 * - attempts: attempt, delivered and failed counts, `success_rate` per attempt, latency percentiles in milliseconds.
 * - queue: one point at now; `queue_depth` is queued + scheduled + retrying; `oldest_age_ms` is the age of the oldest event
 *   that is queued or retrying.
 * Rates and percentiles are null where there is nothing to divide. Buckets lie on multiples of the granularity in UTC, the
 * first one whole. UNPROCESSABLE for an empty range or over 5,000 points.
 */
export async function queryMetrics(ctx: Ctx, subject: MetricsSubject, input: QueryMetrics): Promise<Metrics> {
  if (subject === "queue") return queryQueue(ctx, input);
  const range = rangeOf(input, ctx.app.now());
  const points = await queryRange(ctx, subject, range);
  const answer = { ...points, granularity: input.granularity };
  if (input.compare === undefined) return answer;
  return { ...answer, comparison: await queryRange(ctx, subject, previousOf(range)) };
}

/**
 * The same number of whole buckets before the first one. The last of them ends as early in its bucket as the range does in
 * its own.
 */
function previousOf(range: RollupRange): RollupRange {
  const stepMs = GRANULARITY_MS[range.input.granularity];
  const lengthMs = Math.ceil((range.endMs - range.startMs) / stepMs) * stepMs;
  return { ...range, startMs: range.startMs - lengthMs, endMs: range.endMs - lengthMs };
}

async function queryRange(
  ctx: Ctx,
  subject: MetricsSubject,
  range: RollupRange,
): Promise<Omit<Metrics, "granularity">> {
  const { input } = range;
  const buckets = bucketsOf(range);
  const [counts, histograms] = await Promise.all([
    selectCounts(ctx, range, subject !== "requests"),
    subject === "attempts" ? selectHistograms(ctx, range) : [],
  ]);
  return {
    data: fillPoints(subject, input, buckets, counts, histograms),
    date_range: { start: new Date(range.startMs).toISOString(), end: new Date(range.endMs).toISOString() },
  };
}

function rangeOf(input: QueryMetrics, now: Date): RollupRange {
  const stepMs = GRANULARITY_MS[input.granularity];
  const startMs = Math.floor(resolveTime(input.date_range.start, now.getTime()) / stepMs) * stepMs;
  const endMs = resolveTime(input.date_range.end, now.getTime());
  if (endMs <= startMs) {
    const message = "Let date_range end after it starts.";
    throw new AppError("UNPROCESSABLE", message, [{ path: "date_range.end", message }]);
  }
  return { input, startMs, endMs, limit: MAX_POINTS + 1 };
}

/** The starts of the buckets, in milliseconds. */
function bucketsOf({ input, startMs, endMs }: RollupRange): number[] {
  const stepMs = GRANULARITY_MS[input.granularity];
  const count = Math.ceil((endMs - startMs) / stepMs);
  requireFew(count, input);
  return Array.from({ length: count }, (_, i) => startMs + i * stepMs);
}

function requireFew(points: number, input: QueryMetrics): void {
  if (points <= MAX_POINTS) return;
  const message = `A granularity of ${input.granularity} gives more than ${MAX_POINTS} points; choose a coarser one, a shorter date_range, or fewer dimensions.`;
  throw new AppError("UNPROCESSABLE", message, [{ path: "granularity", message }]);
}

function seriesOf(row: Series, input: QueryMetrics): Series {
  return Object.fromEntries((input.dimensions ?? []).map((dimension) => [dimension, row[dimension] ?? null]));
}

const NO_COUNTS = Object.fromEntries(ROLLUP_COUNTS.map((count) => [count, 0])) as Record<RollupCount, number>;

/** Every series at every bucket, in order of time; without dimensions there is always the one series of all. */
function fillPoints(
  subject: MetricsSubject,
  input: QueryMetrics,
  buckets: number[],
  counts: CountRow[],
  histograms: HistogramRow[],
): MetricsPoint[] {
  const keyOf = (row: Series) => JSON.stringify(seriesOf(row, input));
  const at = (row: Series & { time_bucket: Date }) => `${row.time_bucket.getTime()} ${keyOf(row)}`;
  const countsAt = new Map(counts.map((row) => [at(row), row]));
  const histogramAt = new Map(histograms.map((row) => [at(row), row.latency_histogram]));
  const series = new Map(counts.map((row) => [keyOf(row), seriesOf(row, input)]));
  if (!input.dimensions?.length) series.set("{}", {});
  requireFew(buckets.length * series.size, input);
  const ordered = [...series].sort(([a], [b]) => (a < b ? -1 : 1));
  return buckets.flatMap((bucketMs) =>
    ordered.map(([key, dimensions]) => ({
      time_bucket: new Date(bucketMs).toISOString(),
      dimensions,
      metrics: measuresOf(
        subject,
        countsAt.get(`${bucketMs} ${key}`) ?? NO_COUNTS,
        histogramAt.get(`${bucketMs} ${key}`) ?? [],
      ),
    })),
  );
}

function measuresOf(subject: MetricsSubject, counts: Record<RollupCount, number>, histogram: number[]): Measures {
  if (subject === "requests") {
    return {
      accepted_count: counts.accepted_count,
      rejected_count: counts.rejected_count,
      duplicate_count: counts.duplicate_count,
      signature_failure_count: counts.signature_failure_count,
      events_count: counts.event_count,
      ignored_count: counts.ignored_count,
    };
  }
  if (subject === "events") {
    return {
      event_count: counts.event_count,
      hold_count: counts.hold_count,
      ignored_count: counts.ignored_count,
      delivered_count: counts.delivered_count,
      failed_count: counts.failed_count,
      cancelled_count: counts.cancelled_count,
      retrying_count: counts.retrying_count,
      success_rate: share(counts.delivered_count, counts.delivered_count + counts.failed_count),
    };
  }
  return {
    attempt_count: counts.attempt_count,
    delivered_count: counts.delivered_count,
    failed_count: counts.attempt_count - counts.delivered_count,
    success_rate: share(counts.delivered_count, counts.attempt_count),
    latency_p50: percentile(histogram, 0.5),
    latency_p95: percentile(histogram, 0.95),
    latency_p99: percentile(histogram, 0.99),
  };
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);

async function queryQueue(ctx: Ctx, input: QueryMetrics): Promise<Metrics> {
  const now = ctx.app.now();
  const rows = await selectQueue(ctx, input, now, MAX_POINTS + 1);
  requireFew(rows.length, input);
  const time = now.toISOString();
  return {
    data: rows.map((row) => ({ time_bucket: time, dimensions: seriesOf(row, input), metrics: queueMeasures(row) })),
    granularity: input.granularity,
    date_range: { start: time, end: time },
    is_at_least: rows.some(({ is_at_least }) => is_at_least),
  };
}

const queueMeasures = (row: QueueCounts): Measures => ({
  queue_depth: row.queue_depth,
  queued_count: row.queued_count,
  scheduled_count: row.scheduled_count,
  retrying_count: row.retrying_count,
  hold_count: row.hold_count,
  oldest_age_ms: row.oldest_age_ms === null ? null : Math.max(0, row.oldest_age_ms),
});
