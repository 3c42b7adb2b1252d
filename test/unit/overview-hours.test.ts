import { expect, test } from "vitest";
import { formatAgo, formatCount, formatDuration, formatShare } from "#components/ui/format.ts";
import { toSpans } from "#server/metrics/overview.ts";

const counted = {
  accepted_count: 5,
  rejected_count: 1,
  duplicate_count: 0,
  ignored_count: 0,
  delivered_count: 4,
  failed_count: 1,
};

test("rows fall into spans, the oldest first, and spans without traffic are zeros", () => {
  const spans = toSpans(
    24,
    [
      { spans_ago: 0, ...counted },
      { spans_ago: 23, ...counted, accepted_count: 7 },
    ],
    [{ spans_ago: 0, slot: 3, count: 9 }],
  );
  expect(spans.map(({ counts }) => counts.accepted_count)).toEqual([7, ...new Array(22).fill(0), 5]);
  expect(spans.at(-1)?.histogram[3]).toBe(9);
});

test("a row older than the span is left out", () => {
  expect(toSpans(24, [{ spans_ago: 24, ...counted }], []).every(({ counts }) => counts.accepted_count === 0)).toBe(
    true,
  );
});

test("nothing less than everything reads 100 %", () => {
  expect([1, 0.99999, 0.5, 0, null].map(formatShare)).toEqual(["100 %", "99.9 %", "50 %", "0 %", "–"]);
});

test("numbers and times are written short and exact", () => {
  expect([0, 1234, 9_999_999, 12_500_000].map(formatCount)).toEqual(["0", "1,234", "9,999,999", "12.5M"]);
  expect([0.84, 12.4, 1240, 12_400, null].map(formatDuration)).toEqual(["0.8 ms", "12 ms", "1.24 s", "12.4 s", "–"]);
  const now = "2026-05-29T12:00:00.000Z";
  const times = [
    "2026-05-29T12:00:00.500Z",
    "2026-05-29T11:59:48.000Z",
    "2026-05-29T11:57:00.000Z",
    "2026-05-27T12:00:00.000Z",
  ];
  expect(times.map((time) => formatAgo(time, now))).toEqual(["just now", "12 s ago", "3 min ago", "2 d ago"]);
});
