import fc from "fast-check";
import { expect, test } from "vitest";
import { addHistograms, bucketOf, emptyHistogram, LATENCY_BOUNDS_MS, percentile } from "#server/batch/histogram.ts";
import { minuteOf, type RollupDelta, rollupParameter } from "#test/support/rollups.ts";

const histogramOf = (latencies: number[]) => {
  const histogram = emptyHistogram();
  for (const latencyMs of latencies) histogram[bucketOf(latencyMs)] = (histogram[bucketOf(latencyMs)] ?? 0) + 1;
  return histogram;
};

test("every latency is counted in the first bucket whose bound it does not exceed", () => {
  const expected = (latencyMs: number) => {
    const bucket = LATENCY_BOUNDS_MS.findIndex((bound) => latencyMs <= bound);
    return bucket === -1 ? LATENCY_BOUNDS_MS.length - 1 : bucket;
  };
  for (const bound of LATENCY_BOUNDS_MS) {
    for (const latencyMs of [bound, bound * 0.999999, bound * 1.000001])
      expect(bucketOf(latencyMs)).toBe(expected(latencyMs));
  }
  fc.assert(fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), (ms) => bucketOf(ms) === expected(ms)));
});

test("a latency that is no number or negative is counted as the shortest", () => {
  expect(bucketOf(Number.NaN)).toBe(0);
  expect(bucketOf(-5)).toBe(0);
});

test("a percentile lies in the bucket of the true one", () => {
  const latencies = Array.from({ length: 1_000 }, (_, i) => 1.5 ** (i / 50));
  for (const [q, index] of [
    [0.5, 499],
    [0.95, 949],
    [0.99, 989],
  ] as const) {
    const truth = latencies[index] ?? 0;
    const estimate = percentile(histogramOf(latencies), q) ?? 0;
    expect(bucketOf(estimate)).toBe(bucketOf(truth));
  }
});

test("percentiles never fall as q rises, and nothing counted is null", () => {
  expect(percentile(emptyHistogram(), 0.5)).toBeNull();
  expect(percentile([], 0.5)).toBeNull();
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 90_000, noNaN: true }), { minLength: 1 }), (latencies) => {
      const values = [0, 0.25, 0.5, 0.75, 0.95, 0.99, 1].map((q) => percentile(histogramOf(latencies), q) ?? -1);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }),
  );
});

test("histograms of different lengths add up", () => {
  expect(addHistograms([1, 2], [1, 1, 1])).toEqual([2, 3, 1]);
  expect(addHistograms([], [4])).toEqual([4]);
});

test("deltas with the same key become one, and a minute starts at its zeroth second", () => {
  const delta: RollupDelta = {
    team_id: "tm_a",
    bucket: minuteOf(new Date("2026-05-29T10:11:59.999Z")),
    source_id: "src_a",
    connection_id: "",
    destination_id: "",
    accepted_count: 2,
  };
  const rows = JSON.parse(
    rollupParameter([
      delta,
      { ...delta, rejected_count: 1, latency_histogram: [0, 1] },
      { ...delta, source_id: "src_b" },
    ]),
  );
  expect(rows).toMatchObject([
    { bucket: "2026-05-29T10:11:00.000Z", accepted_count: 4, rejected_count: 1, latency_histogram: [0, 1] },
    { source_id: "src_b", accepted_count: 2 },
  ]);
});
