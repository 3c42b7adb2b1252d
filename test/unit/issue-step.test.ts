// The life of an issue, whatever its kind is.
import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS, type Occurrence, type Verdict } from "#server/issues/finding.ts";
import { type KnownIssue, stepIssue, withMove } from "#server/issues/step.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const happening = (occurrences: Occurrence[]): Verdict => ({
  kind: "happening",
  needsPerson: true,
  evidence: { kind: "backlog", late_ms: 1, waiting_count: 1, threshold_ms: 1 },
  occurrences,
  bars: { until: new Date(NOW).toISOString(), good: [], bad: [] },
});
const SO = happening([{ atMs: NOW, count: 2 }]);
const OVER: Verdict = { kind: "over", because: "It ended." };
const known = (change: Partial<KnownIssue> = {}): KnownIssue => ({
  id: "iss_x",
  state: "open",
  count: 5,
  openedCount: 1,
  lastAtMs: NOW - MINUTE_MS,
  lastMinuteCount: 3,
  snoozedUntilMs: null,
  resolvedAtMs: null,
  isResolvedByHand: false,
  history: [],
  ...change,
});
const resolved = (agoMs: number, isResolvedByHand = false) =>
  known({ state: "resolved", resolvedAtMs: NOW - agoMs, isResolvedByHand });

test("it opens once, and ends once", () => {
  expect(stepIssue(null, SO, NOW)).toMatchObject({ kind: "open", count: 2, firstAtMs: NOW });
  expect(stepIssue(null, OVER, NOW)).toEqual({ kind: "none" });
  expect(stepIssue(known(), SO, NOW)).toMatchObject({ kind: "update", state: "open", move: null });
  expect(stepIssue(known(), OVER, NOW)).toMatchObject({ kind: "resolve", because: "It ended." });
  expect(stepIssue(resolved(1), OVER, NOW)).toEqual({ kind: "none" });
  expect(stepIssue(known(), { kind: "unclear" }, NOW)).toEqual({ kind: "none" });
});

test("soon after its end it is the same issue again, and later another", () => {
  expect(stepIssue(resolved(HOUR_MS - 1), SO, NOW)).toMatchObject({ kind: "update", openedCount: 2, state: "open" });
  expect(stepIssue(resolved(HOUR_MS), SO, NOW)).toMatchObject({ kind: "open" });
});

test("what a person has resolved stays so for an hour, and no longer where it is still so", () => {
  expect(stepIssue(resolved(HOUR_MS - 1, true), SO, NOW)).toEqual({ kind: "none" });
  expect(stepIssue(resolved(HOUR_MS, true), SO, NOW)).toMatchObject({ kind: "update", openedCount: 2, state: "open" });
});

test("a snoozed one stays away until its time, is counted on, and still ends by itself", () => {
  const snoozed = known({ state: "snoozed", snoozedUntilMs: NOW + 1 });
  expect(stepIssue(snoozed, SO, NOW)).toMatchObject({ kind: "update", state: "snoozed", count: 7, move: null });
  expect(stepIssue(snoozed, OVER, NOW)).toMatchObject({ kind: "resolve" });
  const woken = stepIssue({ ...snoozed, snoozedUntilMs: NOW }, SO, NOW);
  expect(woken).toMatchObject({ kind: "update", state: "open", move: { what: "woken" } });
});

test("what happened is counted once, however often and however it is looked at", () => {
  const minutes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(minutes, fc.array(fc.integer({ min: 1, max: 40 })), (counts, looks) => {
      const start = NOW - 40 * MINUTE_MS;
      const upTo = (n: number) =>
        counts.slice(0, n).flatMap((count, i) => (count > 0 ? [{ atMs: start + i * MINUTE_MS, count }] : []));
      let issue = known({ count: 0, lastAtMs: 0, lastMinuteCount: 0 });
      for (const n of [...looks.sort((a, b) => a - b), counts.length, counts.length]) {
        const change = stepIssue(issue, happening(upTo(n)), NOW);
        if (change.kind === "update") issue = { ...issue, ...change, history: [] };
      }
      expect(issue.count).toBe(counts.reduce((sum, count) => sum + count, 0));
    }),
  );
});

test("a minute that goes on is counted on", () => {
  const change = stepIssue(known(), happening([{ atMs: NOW - MINUTE_MS, count: 4 }]), NOW);
  expect(change).toMatchObject({ count: 6, lastMinuteCount: 4 });
});

test("its history keeps the newest fifty moves", () => {
  const move = (n: number) => ({ at: String(n), what: "opened" as const, because: null, by: null });
  const history = Array.from({ length: 60 }, (_, n) => move(n)).reduce(withMove, [] as ReturnType<typeof withMove>);
  expect([history.length, history[0]?.at, history.at(-1)?.at]).toEqual([50, "10", "59"]);
});
