import type { Ctx } from "#server/auth/ctx.ts";
import { addHistograms, emptyHistogram, percentile } from "#server/batch/histogram.ts";
import type { OverviewCounts, OverviewWindow } from "#server/contracts/overview.ts";
import { type SpanCountsRow, type SpanLatencyRow, spanCounts, spanLatencies } from "./overview.sql.ts";

/** In each window, however long it is. */
const SPANS = 48;
const DAY_MS = 86_400_000;
const WINDOW_MS: Record<OverviewWindow, number> = { "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS };
const COUNTS = [
  "accepted_count",
  "rejected_count",
  "duplicate_count",
  "ignored_count",
  "delivered_count",
  "failed_count",
] as const;

type Counts = Record<(typeof COUNTS)[number], number>;
type Span = { counts: Counts; histogram: number[] };

const emptyCounts = (): Counts => Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts;
const emptySpan = (): Span => ({ counts: emptyCounts(), histogram: emptyHistogram() });

function measures({ counts, histogram }: Span): OverviewCounts {
  const ended = counts.delivered_count + counts.failed_count;
  return {
    ...counts,
    success_rate: ended === 0 ? null : counts.delivered_count / ended,
    latency_p95: percentile(histogram, 0.95),
  };
}

/** Percentiles do not add up, so the totals are made of the spans' histograms and not of their percentiles. */
function total(spans: Span[]): Span {
  const sum = emptySpan();
  for (const span of spans) {
    for (const name of COUNTS) sum.counts[name] += span.counts[name];
    sum.histogram = addHistograms(sum.histogram, span.histogram);
  }
  return sum;
}

/** Rows of some spans as `count` spans, oldest first. */
export function toSpans(count: number, counts: SpanCountsRow[], latencies: SpanLatencyRow[]): Span[] {
  const spans = Array.from({ length: count }, emptySpan);
  for (const { spans_ago, ...row } of counts) {
    const span = spans[count - 1 - spans_ago];
    if (span) span.counts = row;
  }
  for (const { spans_ago, slot, count: slotCount } of latencies) {
    const histogram = spans[count - 1 - spans_ago]?.histogram;
    if (histogram && slot < histogram.length) histogram[slot] = slotCount;
  }
  return spans;
}

interface WindowCounts {
  totals: OverviewCounts;
  previous: OverviewCounts;
  spans: OverviewCounts[];
}

/** The counts of a team's last `window`, in all and span by span, and of as long a time before. */
export async function countWindow(ctx: Ctx, window: OverviewWindow, now: Date): Promise<WindowCounts> {
  const wanted = { to: now, spanMs: WINDOW_MS[window] / SPANS, count: 2 * SPANS };
  const [counts, latencies] = await Promise.all([
    ctx.app.searches.run<SpanCountsRow>(ctx, spanCounts(ctx.teamId, wanted)),
    ctx.app.searches.run<SpanLatencyRow>(ctx, spanLatencies(ctx.teamId, wanted)),
  ]);
  const both = toSpans(wanted.count, counts, latencies);
  const [before, spans] = [both.slice(0, SPANS), both.slice(SPANS)];
  return { totals: measures(total(spans)), previous: measures(total(before)), spans: spans.map(measures) };
}
