import type { Ctx } from "#server/auth/ctx.ts";
import { addHistograms, emptyHistogram, percentile } from "#server/batch/histogram.ts";
import type { OverviewCounts } from "#server/contracts/overview.ts";
import { type HourCountsRow, type HourLatencyRow, hourCounts, hourLatencies } from "./overview.sql.ts";

const HOURS = 24;
const HOUR_MS = 3_600_000;
const COUNTS = [
  "accepted_count",
  "rejected_count",
  "duplicate_count",
  "ignored_count",
  "delivered_count",
  "failed_count",
] as const;

type Counts = Record<(typeof COUNTS)[number], number>;
type Hour = { counts: Counts; histogram: number[] };

const emptyCounts = (): Counts => Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts;
const emptyHour = (): Hour => ({ counts: emptyCounts(), histogram: emptyHistogram() });

function measures({ counts, histogram }: Hour): OverviewCounts {
  const ended = counts.delivered_count + counts.failed_count;
  return {
    ...counts,
    success_rate: ended === 0 ? null : counts.delivered_count / ended,
    latency_p95: percentile(histogram, 0.95),
  };
}

/** Percentiles do not add up, so the totals are made of the hours' histograms and not of their percentiles. */
function total(hours: Hour[]): Hour {
  const sum = emptyHour();
  for (const hour of hours) {
    for (const name of COUNTS) sum.counts[name] += hour.counts[name];
    sum.histogram = addHistograms(sum.histogram, hour.histogram);
  }
  return sum;
}

/** Rows of some hours as 24 hours, oldest first. */
export function toHours(counts: HourCountsRow[], latencies: HourLatencyRow[]): Hour[] {
  const hours = Array.from({ length: HOURS }, emptyHour);
  for (const { hours_ago, ...row } of counts) {
    const hour = hours[HOURS - 1 - hours_ago];
    if (hour) hour.counts = row;
  }
  for (const { hours_ago, slot, count } of latencies) {
    const histogram = hours[HOURS - 1 - hours_ago]?.histogram;
    if (histogram && slot < histogram.length) histogram[slot] = count;
  }
  return hours;
}

/** The counts of a team's last 24 hours, in all and hour by hour. */
export async function countLastDay(ctx: Ctx, now: Date): Promise<{ totals: OverviewCounts; hours: OverviewCounts[] }> {
  const from = new Date(now.getTime() - HOURS * HOUR_MS);
  const [counts, latencies] = await Promise.all([
    ctx.app.searches.run<HourCountsRow>(ctx, hourCounts(ctx.teamId, from, now)),
    ctx.app.searches.run<HourLatencyRow>(ctx, hourLatencies(ctx.teamId, from, now)),
  ]);
  const hours = toHours(counts, latencies);
  return { totals: measures(total(hours)), hours: hours.map(measures) };
}
