import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  brushBetween,
  brushOfSpan,
  edgeAfterKey,
  fillBuckets,
  spanOfBrush,
  withEdge,
} from "#components/data/buckets.ts";

const HOUR = { fromMs: 0, toMs: 3_600_000 };

describe("buckets", () => {
  test("without a row are zeros, and rows outside the span are left out", () => {
    const rows = [
      { fromMs: 60_000, counts: [3, 1] },
      { fromMs: 60_500, counts: [1] },
      { fromMs: -1, counts: [9, 9] },
      { fromMs: 3_600_000, counts: [9, 9] },
    ];
    const filled = fillBuckets(rows, HOUR, 60, 2);
    expect(filled).toHaveLength(60);
    expect(filled[1]).toEqual({ fromMs: 60_000, counts: [4, 1] });
    expect(filled.filter((bucket) => bucket.counts.some((count) => count > 0))).toHaveLength(1);
  });
});

describe("a brush", () => {
  test("covers whole buckets, at least one, in whichever direction it is drawn and however far outside", () => {
    expect(brushBetween(0.5, 0.26, 10)).toEqual({ start: 2, end: 5 });
    expect(brushBetween(0.3, 0.3, 10)).toEqual({ start: 3, end: 4 });
    expect(brushBetween(-4, 7, 10)).toEqual({ start: 0, end: 10 });
    expect(brushBetween(1, 1, 10)).toEqual({ start: 9, end: 10 });
  });

  test("an edge does not pass the other, nor the ends", () => {
    expect(withEdge({ start: 2, end: 5 }, "start", 9, 10)).toEqual({ start: 4, end: 5 });
    expect(withEdge({ start: 2, end: 5 }, "end", 0, 10)).toEqual({ start: 2, end: 3 });
    expect(withEdge({ start: 2, end: 5 }, "end", 99, 10)).toEqual({ start: 2, end: 10 });
    expect(withEdge({ start: 2, end: 5 }, "start", -1, 10)).toEqual({ start: 0, end: 5 });
  });

  test("moves by keys as a slider does", () => {
    expect(
      ["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Home", "End", "a"].map((key) => edgeAfterKey(20, key, 60)),
    ).toEqual([21, 19, 25, 15, 0, 60, undefined]);
  });

  test("and its span are the same thing, for every brush but that of everything", () => {
    fc.assert(
      fc.property(fc.nat(59), fc.integer({ min: 1, max: 60 }), (start, length) => {
        const end = Math.min(start + length, 60);
        fc.pre(!(start === 0 && end === 60));
        expect(brushOfSpan(spanOfBrush({ start, end }, HOUR, 60), HOUR, 60)).toEqual({ start, end });
      }),
    );
    expect(brushOfSpan(HOUR, HOUR, 60)).toBeUndefined();
    expect(brushOfSpan({ fromMs: 4_000_000, toMs: 5_000_000 }, HOUR, 60)).toBeUndefined();
  });
});
