// The points of the charts, as plain rows of what is drawn at each bucket.
import type { Metrics, MetricsPoint } from "#server/contracts/metrics.ts";

/** The states that throughput is stacked of, from the bottom up. */
export const STACK = [
  { key: "delivered_count", state: "DELIVERED", fill: "var(--delivered-soft)" },
  { key: "hold_count", state: "HOLD", fill: "var(--hold-solid)" },
  { key: "retrying_count", state: "RETRYING", fill: "var(--retrying-solid)" },
  { key: "failed_count", state: "FAILED", fill: "var(--failed-solid)" },
] as const;
type StackKey = (typeof STACK)[number]["key"];

export interface StackRow extends Record<StackKey, number> {
  fromMs: number;
  toMs: number;
  /** All of the bucket at the same place of the span before. */
  before: number | null;
}

const countIn = (point: MetricsPoint | undefined, key: string): number => point?.metrics[key] ?? 0;
const sumOf = (point: MetricsPoint | undefined) => STACK.reduce((sum, { key }) => sum + countIn(point, key), 0);

/** The ends of the buckets: that of the last is the range's own. */
export const spansOf = ({ data, date_range }: Metrics) =>
  data.map(({ time_bucket }, i) => ({
    fromMs: Date.parse(time_bucket),
    toMs: Date.parse(data[i + 1]?.time_bucket ?? date_range.end),
  }));

export function stackRows(events: Metrics): StackRow[] {
  const spans = spansOf(events);
  return events.data.map((point, i) => ({
    fromMs: spans[i]?.fromMs ?? 0,
    toMs: spans[i]?.toMs ?? 0,
    delivered_count: countIn(point, "delivered_count"),
    hold_count: countIn(point, "hold_count"),
    retrying_count: countIn(point, "retrying_count"),
    failed_count: countIn(point, "failed_count"),
    before: events.comparison ? sumOf(events.comparison.data[i]) : null,
  }));
}

/** At most `most` rows: as many neighbours as it takes are one. */
export function coarser(rows: readonly StackRow[], most: number): StackRow[] {
  const size = Math.ceil(rows.length / most);
  return rows.flatMap((first, i) => {
    if (i % size !== 0) return [];
    const group = rows.slice(i, i + size);
    const sum = (key: StackKey) => group.reduce((total, row) => total + row[key], 0);
    return {
      fromMs: first.fromMs,
      toMs: group.at(-1)?.toMs ?? first.toMs,
      delivered_count: sum("delivered_count"),
      hold_count: sum("hold_count"),
      retrying_count: sum("retrying_count"),
      failed_count: sum("failed_count"),
      before: first.before === null ? null : group.reduce((total, { before }) => total + (before ?? 0), 0),
    };
  });
}

export const stackSum = (row: StackRow) => STACK.reduce((sum, { key }) => sum + row[key], 0);

export type LineRow = { fromMs: number } & Record<string, number | null>;

/** One row a bucket with the measures that are asked for; with `before` also that measure of the span before. */
export const lineRows = (metrics: Metrics, measures: readonly string[], before?: string): LineRow[] =>
  metrics.data.map((point, i) => ({
    ...Object.fromEntries(measures.map((measure) => [measure, point.metrics[measure] ?? null])),
    ...(before ? { before: metrics.comparison?.data[i]?.metrics[before] ?? null } : {}),
    fromMs: Date.parse(point.time_bucket),
  }));

/** The measure in the one point of a total; null where there is none. */
export const totalOf = (points: readonly MetricsPoint[] | undefined, measure: string): number | null =>
  points?.[0]?.metrics[measure] ?? null;

const HOUR_MS = 3_600_000;

/** About `count` places for labels, on whole hours or days where there are enough. */
export function tickPlaces(places: readonly number[], count: number): number[] {
  const step = Math.max(1, Math.ceil(places.length / count));
  const first = places.findIndex((ms) => ms % HOUR_MS === 0);
  return places.filter((_, i) => i >= Math.max(first, 0) && (i - Math.max(first, 0)) % step === 0);
}
