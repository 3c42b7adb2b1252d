// A silent source is noticed after three of its own periods, and not before.
import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#server/issues/finding.ts";
import { judgeSilence, learnRhythm, periodOf, type Rhythm } from "#server/issues/source-silent.ts";

const START = Date.parse("2026-05-11T00:00:00.000Z");

/** The rhythm of what came at these minutes. */
function rhythmOf(minutesMs: number[]): Rhythm {
  const rhythm = learnRhythm(null, minutesMs, minutesMs.at(-1) ?? START);
  if (!rhythm) throw new Error("Nothing was heard.");
  return rhythm;
}
const every = (periodMs: number, fromMs: number, toMs: number): number[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / periodMs) + 1 }, (_, n) => fromMs + n * periodMs);
const kindAt = (rhythm: Rhythm, afterMs: number, isOpen = false) =>
  judgeSilence(rhythm, { factor: 3 }, rhythm.heardAtMs, isOpen, rhythm.heardAtMs + afterMs).kind;

test("whatever its period is, it is silent from three periods on and not a millisecond before", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 * 60 }), (periodMinutes) => {
      const periodMs = periodMinutes * MINUTE_MS;
      const rhythm = rhythmOf(every(periodMs, START, START + 14 * DAY_MS));
      expect(kindAt(rhythm, 3 * periodMs - 1)).toBe("unclear");
      expect(kindAt(rhythm, 3 * periodMs)).toBe("happening");
    }),
    { numRuns: 60 },
  );
});

test("it may be quiet at night, and is then noticed by day within minutes", () => {
  const days = Array.from({ length: 10 }, (_, day) => START + day * DAY_MS);
  const byDay = days.flatMap((day) => every(MINUTE_MS, day + 8 * HOUR_MS, day + 20 * HOUR_MS));
  const evening = rhythmOf(byDay);
  expect(kindAt(evening, 11 * HOUR_MS)).toBe("unclear");
  const noon = rhythmOf(byDay.filter((minute) => minute <= (days[9] ?? 0) + 13 * HOUR_MS));
  expect(periodOf(noon)).toMatchObject({ periodMs: MINUTE_MS });
  expect(kindAt(noon, 3 * MINUTE_MS)).toBe("happening");
});

test("a silence of once is not learnt as its rhythm; one that comes again is", () => {
  const steady = every(MINUTE_MS, START, START + 2 * DAY_MS);
  const paused = steady.filter((minute) => minute < START + DAY_MS + HOUR_MS || minute > START + DAY_MS + 5 * HOUR_MS);
  expect(periodOf(rhythmOf(paused))).toMatchObject({ periodMs: MINUTE_MS });
  const nights = every(MINUTE_MS, START, START + 3 * DAY_MS - 1);
  const nightly = rhythmOf(nights.filter((minute) => (minute - START) % DAY_MS < 20 * HOUR_MS));
  expect(kindAt(nightly, 12 * HOUR_MS)).toBe("unclear");
  expect(kindAt(nightly, 12 * HOUR_MS + 3 * MINUTE_MS)).toBe("happening");
});

test("it has no rhythm before it was heard for two hours and a dozen gaps", () => {
  expect(periodOf(rhythmOf(every(MINUTE_MS, START, START + HOUR_MS)))).toBeNull();
  expect(periodOf(rhythmOf(every(HOUR_MS, START, START + 11 * HOUR_MS)))).toBeNull();
  expect(periodOf(rhythmOf(every(HOUR_MS, START, START + 12 * HOUR_MS)))).not.toBeNull();
});

test("learning piece by piece comes to the same as learning at once", () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 0, max: 80 }), (minutes, cut) => {
      let at = START;
      const heard = minutes.map((gap) => (at += gap * MINUTE_MS));
      const nowMs = at;
      const first = learnRhythm(null, heard.slice(0, cut), nowMs);
      expect(learnRhythm(first, heard.slice(cut), nowMs) ?? first).toEqual(learnRhythm(null, heard, nowMs));
      // What was heard already teaches nothing.
      expect(learnRhythm(learnRhythm(null, heard, nowMs), heard, nowMs)).toEqual(learnRhythm(null, heard, nowMs));
    }),
  );
});

test("after two weeks of silence it has no rhythm any more, and its issue ends", () => {
  const rhythm = rhythmOf(every(HOUR_MS, START, START + 30 * DAY_MS));
  expect(kindAt(rhythm, 14 * DAY_MS - 1, true)).toBe("happening");
  expect(kindAt(rhythm, 14 * DAY_MS, true)).toBe("over");
  expect(kindAt(rhythm, 14 * DAY_MS)).toBe("unclear");
});

test("it keeps two weeks, and ends with the next request", () => {
  const rhythm = rhythmOf(every(HOUR_MS, START, START + 30 * DAY_MS));
  expect(rhythm.gaps.length).toBeLessThanOrEqual(14 * 24);
  expect(kindAt(rhythm, HOUR_MS, true)).toBe("over");
  expect(kindAt(rhythm, 3 * HOUR_MS, true)).toBe("happening");
});
