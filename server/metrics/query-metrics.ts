// Charts: counts and latencies over time from the rollups, and the queue as it stands now.

import type { Ctx } from "#server/auth/ctx.ts";
import { percentile } from "#server/batch/histogram.ts";
import { ROLLUP_COUNTS, type RollupCount } from "#server/batch/rollup.sql.ts";
import {
  GRANULARITY_MS,
  type Granularity,
  type Metrics,
  type MetricsPoint,
  type MetricsSubject,
  type QueryMetrics,
} from "#server/contracts/metrics.ts";
import { resolveTime } from "#server/contracts/time-bound.ts";
import { AppError } from "#server/errors/app-error.ts";
import { midnights } from "./midnights.ts";
import { type RollupRange, type Series, selectCounts, selectHistograms } from "./query-metrics.sql.ts";
import { type QueueCounts, selectQueue, selectSamples } from "./query-queue.sql.ts";

/** Points of one answer: buckets times series. */
const MAX_POINTS = 5_000;
const MINUTE_MS = 60_000;

type Measures = Record<string, number | null>;

/**
 * Measures per bucket and combination of the asked dimensions.
 * - requests: accepted, rejected, duplicate and signature failure counts; events and ignored events that they made.
 * - events: made (`event_count`), held when made, ignored, delivered, failed for good, gone to a retry; `success_rate` is
 *   delivered / (delivered + failed).
 * - attempts: attempt, delivered and failed counts, `success_rate` per attempt, latency percentiles in milliseconds.
 * - queue: one point at now; `queue_depth` is queued + scheduled + retrying; `oldest_age_ms` is the age of the oldest event
 *   that is queued or retrying, of the 1,000 at each destination that are due first.
 * - backlog: the highest depth, number held and age of each bucket, out of a sample a minute.
 * Rates and percentiles are null where there is nothing to divide. Buckets lie on multiples of the granularity in UTC and
 * days on midnights of `time_zone`; the first one is whole. UNPROCESSABLE for an empty range or over 5,000 points.
 */
export async function queryMetrics(ctx: Ctx, subject: MetricsSubject, input: QueryMetrics): Promise<Metrics> {
  if (subject === "queue") return queryQueue(ctx, input);
  const [range, before] = rangesOf(input, ctx.app.now().getTime());
  const answer = { ...(await queryRange(ctx, subject, range)), granularity: input.granularity };
  if (input.compare === undefined) return answer;
  return { ...answer, comparison: await queryRange(ctx, subject, before) };
}

async function queryRange(
  ctx: Ctx,
  subject: Exclude<MetricsSubject, "queue">,
  range: RollupRange,
): Promise<Omit<Metrics, "granularity">> {
  return {
    data: await pointsOf(ctx, subject, range),
    date_range: { start: new Date(range.startMs).toISOString(), end: new Date(range.endMs).toISOString() },
  };
}

async function pointsOf(ctx: Ctx, subject: Exclude<MetricsSubject, "queue">, range: RollupRange) {
  if (subject === "backlog") {
    return fillPoints(range, await selectSamples(ctx, range), (row) => ({
      queue_depth: row?.queue_depth ?? 0,
      hold_count: row?.hold_count ?? 0,
      oldest_age_ms: row?.oldest_age_ms ?? null,
    }));
  }
  const [counts, histograms] = await Promise.all([
    selectCounts(ctx, range, subject !== "requests"),
    subject === "attempts" ? selectHistograms(ctx, range) : [],
  ]);
  const at = (row: Series & { time_bucket: Date }) => `${row.time_bucket.getTime()} ${keyOf(row, range.input)}`;
  const histogramAt = new Map(histograms.map((row) => [at(row), row.latency_histogram]));
  return fillPoints(range, counts, (row) =>
    measuresOf(subject, row ?? NO_COUNTS, (row && histogramAt.get(at(row))) ?? []),
  );
}

/** The range with its buckets, and with `compare` the one before it: as many buckets, of which the last ends as early. */
function rangesOf(input: QueryMetrics, nowMs: number): [RollupRange, RollupRange] {
  const endMs = resolveTime(input.date_range.end, nowMs);
  const fromMs = resolveTime(input.date_range.start, nowMs);
  if (endMs <= fromMs) {
    const message = "Let date_range end after it starts.";
    throw new AppError("UNPROCESSABLE", message, [{ path: "date_range.end", message }]);
  }
  if (input.granularity === "total") return totalsOf(input, Math.floor(fromMs / MINUTE_MS) * MINUTE_MS, endMs);
  const stepMs = GRANULARITY_MS[input.granularity];
  requireFew((endMs - fromMs) / stepMs, input);
  const buckets = bucketsBetween(
    { ...input, granularity: input.granularity },
    fromMs - (endMs - fromMs) - 2 * stepMs,
    endMs,
  );
  const first = buckets.findLastIndex((ms) => ms <= fromMs);
  const size = buckets.length - first;
  const rangeFrom = (index: number, end: number): RollupRange => ({
    input,
    granularity: input.granularity,
    buckets: buckets.slice(index, index + size),
    startMs: buckets[index] ?? fromMs,
    endMs: end,
    limit: MAX_POINTS + 1,
  });
  const shift = (buckets.at(-1) ?? 0) - (buckets[first - 1] ?? 0);
  return [rangeFrom(first, endMs), rangeFrom(first - size, endMs - shift)];
}

function totalsOf(input: QueryMetrics, startMs: number, endMs: number): [RollupRange, RollupRange] {
  const one = (fromMs: number, toMs: number): RollupRange => ({
    input,
    granularity: "total",
    buckets: [fromMs],
    startMs: fromMs,
    endMs: toMs,
    limit: MAX_POINTS + 1,
  });
  return [one(startMs, endMs), one(2 * startMs - endMs, startMs)];
}

/** The starts of the buckets, in milliseconds. */
function bucketsBetween(
  { granularity, time_zone }: { granularity: Exclude<Granularity, "total">; time_zone: string },
  startMs: number,
  endMs: number,
): number[] {
  if (granularity === "1d") return midnights(time_zone, startMs, endMs);
  const stepMs = GRANULARITY_MS[granularity];
  const first = Math.floor(startMs / stepMs) * stepMs;
  return Array.from({ length: Math.ceil((endMs - first) / stepMs) }, (_, i) => first + i * stepMs);
}

function requireFew(points: number, input: QueryMetrics): void {
  if (points <= MAX_POINTS) return;
  const message = `A granularity of ${input.granularity} gives more than ${MAX_POINTS} points; choose a coarser one, a shorter date_range, or fewer dimensions.`;
  throw new AppError("UNPROCESSABLE", message, [{ path: "granularity", message }]);
}

function seriesOf(row: Series, input: QueryMetrics): Series {
  return Object.fromEntries((input.dimensions ?? []).map((dimension) => [dimension, row[dimension] ?? null]));
}

const REJECTED_BY_CAUSE = ROLLUP_COUNTS.filter(
  (count) => /^rejected_.*_count$/.test(count) && count !== "rejected_count",
);
const IGNORED_BY_CAUSE = ROLLUP_COUNTS.filter((count) => /^ignored_.*_count$/.test(count) && count !== "ignored_count");
const NO_COUNTS = Object.fromEntries(ROLLUP_COUNTS.map((count) => [count, 0])) as Record<RollupCount, number>;

const keyOf = (row: Series, input: QueryMetrics) => JSON.stringify(seriesOf(row, input));

/** Every series at every bucket, in order of time; without dimensions there is always the one series of all. */
function fillPoints<Row extends Series & { time_bucket: Date }>(
  { input, buckets }: RollupRange,
  rows: Row[],
  measure: (row: Row | undefined) => Measures,
): MetricsPoint[] {
  const rowAt = new Map(rows.map((row) => [`${row.time_bucket.getTime()} ${keyOf(row, input)}`, row]));
  const series = new Map(rows.map((row) => [keyOf(row, input), seriesOf(row, input)]));
  if (!input.dimensions?.length) series.set("{}", {});
  requireFew(buckets.length * series.size, input);
  const ordered = [...series].sort(([a], [b]) => (a < b ? -1 : 1));
  return buckets.flatMap((bucketMs) =>
    ordered.map(([key, dimensions]) => ({
      time_bucket: new Date(bucketMs).toISOString(),
      dimensions,
      metrics: measure(rowAt.get(`${bucketMs} ${key}`)),
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
      ...pick(counts, REJECTED_BY_CAUSE),
    };
  }
  if (subject === "events") {
    return {
      event_count: counts.event_count,
      hold_count: counts.hold_count,
      ignored_count: counts.ignored_count,
      ...pick(counts, IGNORED_BY_CAUSE),
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

const pick = (counts: Record<RollupCount, number>, names: readonly RollupCount[]): Measures =>
  Object.fromEntries(names.map((name) => [name, counts[name]]));

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
  };
}

const queueMeasures = (row: QueueCounts): Measures => ({
  queue_depth: row.queue_depth,
  queued_count: row.queued_count,
  scheduled_count: row.scheduled_count,
  retrying_count: row.retrying_count,
  hold_count: row.hold_count,
  failed_count: row.failed_count,
  oldest_age_ms: row.oldest_age_ms === null ? null : Math.max(0, row.oldest_age_ms),
});
