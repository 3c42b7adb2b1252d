import { expect, test } from "vitest";
import { dateRange, granularityOf, listHref } from "#components/metrics/dimensions.ts";
import { coarser, lineRows, spansOf, stackRows, stackSum, tickPlaces } from "#components/metrics/series.ts";
import type { Metrics } from "#server/contracts/metrics.ts";

const HOUR_MS = 3_600_000;
const at = (hour: number) => new Date(Date.UTC(2026, 4, 29, hour)).toISOString();
const point = (hour: number, metrics: Record<string, number | null>) => ({
  time_bucket: at(hour),
  dimensions: {},
  metrics,
});
const EVENTS: Metrics = {
  granularity: "1h",
  date_range: { start: at(9), end: "2026-05-29T10:20:00.000Z" },
  data: [
    point(9, { delivered_count: 5, failed_count: 1, success_rate: 5 / 6 }),
    point(10, { hold_count: 2, success_rate: null }),
  ],
  comparison: {
    date_range: { start: at(7), end: "2026-05-29T08:20:00.000Z" },
    data: [point(7, { delivered_count: 3, retrying_count: 1 }), point(8, {})],
  },
};

test("any span is drawn in some 20 to 200 buckets", () => {
  const lengths = { "1m": 60_000, "5m": 300_000, "15m": 900_000, "1h": HOUR_MS, "6h": 6 * HOUR_MS, "1d": 24 * HOUR_MS };
  for (const hours of [1, 2, 3, 8, 9, 24, 36, 48, 168, 192, 200, 384, 720]) {
    const buckets = (hours * HOUR_MS) / lengths[granularityOf({ fromMs: 0, toMs: hours * HOUR_MS })];
    expect({ hours, isDrawable: buckets >= 20 && buckets <= 200 }).toEqual({ hours, isDrawable: true });
  }
});

test("on a phone neighbours are one bar, which loses no event and spans both", () => {
  const rows = stackRows(EVENTS);
  const [one, ...more] = coarser(rows, 1);
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    fromMs: rows[0]?.fromMs,
    toMs: rows[1]?.toMs,
    delivered_count: 5,
    hold_count: 2,
    failed_count: 1,
    before: 4,
  });
  expect(coarser(rows, 2)).toEqual(rows);
  expect(coarser([], 50)).toEqual([]);
});

test("a bucket is stacked of what became of events, beside the whole of the one before, and the last ends with the range", () => {
  const rows = stackRows(EVENTS);
  expect(rows.map((row) => [stackSum(row), row.before])).toEqual([
    [6, 4],
    [2, 0],
  ]);
  expect(spansOf(EVENTS).map(({ toMs }) => new Date(toMs).toISOString())).toEqual([at(10), EVENTS.date_range.end]);
  const { comparison: _, ...alone } = EVENTS;
  expect(stackRows(alone).map(({ before }) => before)).toEqual([null, null]);
});

test("a measure that has no value leaves a gap in its line", () => {
  expect(lineRows(EVENTS, ["success_rate"], "delivered_count").map((row) => [row.success_rate, row.before])).toEqual([
    [5 / 6, 3],
    [null, null],
  ]);
});

test("labels stand on whole hours, as far apart as asked", () => {
  const places = Array.from({ length: 96 }, (_, i) => i * 900_000 + 900_000);
  const ticks = tickPlaces(places, 8);
  expect(ticks.length).toBeLessThanOrEqual(8);
  expect(ticks.every((ms) => ms % HOUR_MS === 0)).toBe(true);
});

test("a part of a chart is found in a list by the list's own filters", () => {
  const day = { kind: "last" as const, spanMs: 24 * HOUR_MS };
  expect(dateRange(day)).toEqual({ start: "now-1440m", end: "now" });
  expect(listHref("/events", day, { source_id: "src_1", status: null })).toBe("/events?source_id=src_1&time=24h");
  const span = { kind: "custom" as const, fromMs: Date.parse(at(9)), toMs: Date.parse(at(10)) };
  expect(listHref("/requests", span, {})).toBe(
    "/requests?time=2026-05-29T09%3A00%3A00.000Z..2026-05-29T10%3A00%3A00.000Z",
  );
});
