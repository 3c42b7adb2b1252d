// How often an issue would have opened in a week that is over, told by the detectors that watch today.
import { describe, expect, test } from "vitest";
import { judgeBacklog } from "#server/issues/backlog.ts";
import { type BranchMinute, judgeConnection } from "#server/issues/connection-failing.ts";
import { barsOf, DAY_MS, HOUR_MS, MINUTE_MS } from "#server/issues/finding.ts";
import { countBacklogs, countOpenings, countSilences, type PastGap } from "#server/issues/past.ts";

const FROM = Date.parse("2026-05-22T00:00:00.000Z");
const span = { fromMs: FROM, toMs: FROM + 7 * DAY_MS };

describe("connections", () => {
  const minute = (atMs: number, attempts: number, delivered = 0): BranchMinute => ({
    atMs: FROM + atMs,
    attempts,
    delivered,
    failed: 0,
  });
  const count = (minutes: BranchMinute[], failed_in_a_row = 10) =>
    countOpenings(minutes, {
      span,
      isBad: ({ attempts, delivered }) => attempts > delivered,
      judge: (window, live, nowMs) =>
        judgeConnection(window, "", { failed_in_a_row, ended_failed: 100 }, live?.lastAtMs ?? null, nowMs),
    });

  test("open once for each time that one failed, by the number that is asked for", () => {
    const failing = (atMs: number) => [
      minute(atMs, 12),
      minute(atMs + MINUTE_MS, 3),
      minute(atMs + 10 * MINUTE_MS, 40, 40),
    ];
    const week = [...failing(2 * HOUR_MS), ...failing(3 * DAY_MS), ...failing(6 * DAY_MS + 30 * MINUTE_MS)];
    expect([10, 15, 16].map((number) => count(week, number))).toEqual([3, 3, 0]);
  });

  test("open by few failures when they have gone on for a quarter of an hour, though nothing was tried in between", () => {
    expect(count([minute(0, 1), minute(5 * MINUTE_MS, 1), minute(10 * MINUTE_MS, 1)])).toBe(1);
    expect(
      count([minute(0, 1), minute(5 * MINUTE_MS, 1), minute(10 * MINUTE_MS, 1), minute(14 * MINUTE_MS, 9, 9)]),
    ).toBe(0);
  });

  test("that fail all the time are one issue, and what was before the week opens none in it", () => {
    const always = Array.from({ length: 7 * 24 * 60 }, (_, n) => minute(n * MINUTE_MS, 2));
    expect(count(always)).toBe(1);
    expect(count([minute(-2 * HOUR_MS, 50)])).toBe(0);
    expect(count([])).toBe(0);
  });
});

describe("sources", () => {
  const gap = (hour: number, minutes: number): PastGap => {
    const hourMs = FROM - 2 * DAY_MS + hour * HOUR_MS;
    return { hourMs, startMs: hourMs + 5 * MINUTE_MS, ms: minutes * MINUTE_MS, seen: 6 };
  };
  const steady = Array.from({ length: 48 }, (_, hour) => gap(hour, 10));

  test("were silent when a quiet was longer than their rhythm of before allows", () => {
    const silences = (factor: number) => countSilences([...steady, gap(60, 35), gap(61, 10)], factor, FROM);
    expect([3, 4].map(silences)).toEqual([1, 0]);
  });

  test("without a rhythm were never silent, and a silence before the week is not counted", () => {
    expect(countSilences([gap(49, 10), gap(50, 500)], 3, FROM)).toBe(0);
    expect(countSilences([...steady.slice(0, 20), gap(20, 300), ...steady.slice(26)], 3, FROM)).toBe(0);
  });
});

test("a line that was late twice, and caught up in between, would have opened twice", () => {
  const late = (minutes: number, lateMinutes: number) => ({
    atMs: FROM + minutes * MINUTE_MS,
    lateMs: lateMinutes * MINUTE_MS,
  });
  const bars = barsOf([], 0, { good: () => 0, bad: () => 0 });
  const count = (late_ms: number, samples: ReturnType<typeof late>[]) =>
    countBacklogs(samples, (lateMs, isOpen, nowMs) =>
      judgeBacklog({ firstDueAtMs: nowMs - lateMs, waiting: 1, bars }, { late_ms }, isOpen, nowMs),
    );
  const samples = [late(0, 16), late(15, 30), late(30, 8), late(300, 20), late(315, 6)];
  expect(count(15 * MINUTE_MS, samples)).toBe(2);
  expect(count(25 * MINUTE_MS, samples)).toBe(1);
  expect(count(15 * MINUTE_MS, [late(0, 16), late(15, 6), late(30, 16)])).toBe(1);
});
