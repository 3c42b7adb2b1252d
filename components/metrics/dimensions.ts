// The dimensions of the charts, and the lists in which a part of one is found.
import { PRESETS, type Span, type TimeRange, writeTimeRange } from "#components/data/time-range.ts";
import type { Granularity } from "#server/contracts/metrics.ts";

export const DIMENSIONS = ["source", "connection", "destination"] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export const idOf = (by: Dimension) => `${by}_id` as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEPS: [Exclude<Granularity, "total">, longestMs: number, words: string][] = [
  ["1m", 2 * HOUR_MS, "Buckets of a minute"],
  ["5m", 8 * HOUR_MS, "Buckets of 5 min"],
  ["15m", 36 * HOUR_MS, "Buckets of 15 min"],
  ["1h", 8 * DAY_MS, "Buckets of an hour"],
  ["6h", 16 * DAY_MS, "Buckets of 6 h"],
];

/** The length of a bucket: between some 24 and 200 of them are drawn. */
export function granularityOf({ fromMs, toMs }: Span): Exclude<Granularity, "total"> {
  return STEPS.find(([, longestMs]) => toMs - fromMs <= longestMs)?.[0] ?? "1d";
}
export const bucketWords = (granularity: Granularity): string =>
  STEPS.find(([step]) => step === granularity)?.[2] ?? "Days";

/** What a span is compared with: "24 h before", or "span before" where it has no name. */
export function beforeWords(time: TimeRange): string {
  const preset = PRESETS.find(({ spanMs }) => time.kind === "last" && time.spanMs === spanMs);
  return `${preset?.words ?? "span"} before`;
}

/** The range as the API takes it. A range up to now stays one, so that the same question is asked again later. */
export const dateRange = (time: TimeRange) =>
  time.kind === "last"
    ? { start: `now-${time.spanMs / 60_000}m`, end: "now" }
    : { start: new Date(time.fromMs).toISOString(), end: new Date(time.toMs).toISOString() };

/** The list of what a part of a chart counts. */
export function listHref(
  path: "/events" | "/requests" | "/attempts",
  time: TimeRange,
  filters: Record<string, string | null | undefined>,
): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filters)) if (value) query.set(key, value);
  query.set("time", writeTimeRange(time));
  return `${path}?${query}`;
}
