// What is said of a subject by what was counted, at the borders where it changes.
import { describe, expect, test } from "vitest";
import type { BreakerReading } from "#server/contracts/breaker.ts";
import { DEFAULT_ISSUE_RULES } from "#server/contracts/issue-rules.ts";
import { judgeBacklog } from "#server/issues/backlog.ts";
import { judgeBreaker } from "#server/issues/breaker-open.ts";
import { type BranchMinute, judgeConnection } from "#server/issues/connection-failing.ts";
import { barsOf, DAY_MS, HOUR_MS, MINUTE_MS, type Verdict } from "#server/issues/finding.ts";
import { type DoorMinute, judgeSignatures } from "#server/issues/signature-failures.ts";
import { judgeTransformation, type TransformMinute } from "#server/issues/transform-errors.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const ago = (minutes: number) => NOW - minutes * MINUTE_MS;
const NO_BARS = barsOf([], NOW, { good: () => 0, bad: () => 0 });
const evidenceOf = (verdict: Verdict) => (verdict.kind === "happening" ? verdict.evidence : verdict);

describe("a connection", () => {
  const minute = (minutesAgo: number, attempts: number, delivered = 0, failed = 0): BranchMinute => ({
    atMs: ago(minutesAgo),
    attempts,
    delivered,
    failed,
  });
  const judge = (minutes: BranchMinute[], lastAtMs: number | null = null) =>
    judgeConnection(minutes, "des_x", DEFAULT_ISSUE_RULES.connection_failing, lastAtMs, NOW).kind;

  test.each<[string, BranchMinute[], string]>([
    ["ten failed since the last delivery", [minute(9, 5, 5), minute(3, 10)], "happening"],
    ["nine failed since the last delivery", [minute(9, 5, 5), minute(3, 9)], "unclear"],
    ["a delivery came after them", [minute(9, 30), minute(1, 1, 1)], "unclear"],
    ["three failed over a quarter of an hour", [minute(15, 1), minute(8, 1), minute(2, 1)], "happening"],
    ["three failed within less", [minute(14, 1), minute(8, 1), minute(2, 1)], "unclear"],
    ["two failed, however long apart", [minute(50, 1), minute(2, 1)], "unclear"],
    ["ten ended failed within five minutes", [minute(2, 20, 10, 10)], "happening"],
    ["ten ended failed before that", [minute(6, 20, 10, 10)], "unclear"],
    ["nothing was tried", [], "unclear"],
  ])("where %s: %s", (_so, minutes, kind) => expect(judge(minutes)).toBe(kind));

  test.each<[string, BranchMinute[], number, string]>([
    ["delivers again", [minute(20, 30), minute(1, 3, 3)], ago(20), "over"],
    ["is only quiet, as between two retries", [], ago(6 * 60), "unclear"],
    ["has been quiet for a day", [], NOW - DAY_MS - 1, "over"],
    ["goes on to fail", [minute(4, 12)], ago(4), "happening"],
  ])("that is failing and %s: %s", (_so, minutes, lastAtMs, kind) => expect(judge(minutes, lastAtMs)).toBe(kind));

  test("counts each failed attempt in its minute, and says when it delivered last", () => {
    const verdict = judgeConnection(
      [minute(9, 5, 3), minute(3, 10)],
      "des_x",
      DEFAULT_ISSUE_RULES.connection_failing,
      null,
      NOW,
    );
    expect(verdict).toMatchObject({
      occurrences: [
        { atMs: ago(9), count: 2 },
        { atMs: ago(3), count: 10 },
      ],
    });
    expect(evidenceOf(verdict)).toMatchObject({
      failed_attempts: 10,
      last_delivered_at: "2026-05-29T12:21:00.000Z",
      destination_id: "des_x",
    });
  });
});

describe("a transformation", () => {
  const code = { version: 12, savedAtMs: ago(20), connectionIds: ["web_a"] };
  const minute = (minutesAgo: number, errors: number, runs = errors): TransformMinute => ({
    atMs: ago(minutesAgo),
    errors,
    runs,
  });
  const judge = (minutes: TransformMinute[], lastAtMs: number | null = null) =>
    judgeTransformation(minutes, code, DEFAULT_ISSUE_RULES.transform_errors, lastAtMs, NOW).kind;

  test.each<[string, TransformMinute[], string]>([
    ["five errors in five minutes", [minute(1, 5, 10_000)], "happening"],
    ["four among very many runs", [minute(1, 4, 10_000)], "unclear"],
    ["three among few runs of an hour", [minute(40, 1, 100), minute(12, 1), minute(2, 1)], "happening"],
    ["two", [minute(12, 1), minute(2, 1)], "unclear"],
    ["many, but none for a quarter of an hour", [minute(16, 50)], "unclear"],
  ])("with %s: %s", (_so, minutes, kind) => expect(judge(minutes)).toBe(kind));

  test.each<[string, TransformMinute[], number, string]>([
    ["that requests have passed since", [minute(30, 50), minute(2, 0, 3)], ago(30), "over"],
    ["that nothing has come since", [minute(30, 50)], ago(30), "unclear"],
    ["that nothing has come for a day", [], NOW - DAY_MS - 1, "over"],
  ])("with errors, and %s: %s", (_so, minutes, lastAtMs, kind) => expect(judge(minutes, lastAtMs)).toBe(kind));

  test("says whether it began with this version", () => {
    const since = (minutesAgo: number) =>
      evidenceOf(
        judgeTransformation(
          [minute(minutesAgo, 9), minute(1, 9)],
          code,
          DEFAULT_ISSUE_RULES.transform_errors,
          null,
          NOW,
        ),
      );
    expect(since(20)).toMatchObject({ version: 12, is_since_saved: true });
    expect(since(25)).toMatchObject({ is_since_saved: false });
  });
});

describe("a source whose signatures fail", () => {
  const minute = (minutesAgo: number, accepted: number, signatureFailures: number): DoorMinute => ({
    atMs: ago(minutesAgo),
    accepted,
    signatureFailures,
  });
  const judge = (minutes: DoorMinute[], lastAtMs: number | null = null) =>
    judgeSignatures(minutes, DEFAULT_ISSUE_RULES.signature_failures, lastAtMs, NOW).kind;

  test.each<[string, DoorMinute[], string]>([
    ["twenty in five minutes, among however many", [minute(1, 9_000, 20)], "happening"],
    ["nineteen among very many", [minute(1, 9_000, 19)], "unclear"],
    ["five that are a twentieth", [minute(1, 95, 5)], "happening"],
    ["five that are less", [minute(1, 96, 5)], "unclear"],
    ["four that are all", [minute(1, 0, 4)], "unclear"],
    ["twenty, longer ago", [minute(5, 0, 20)], "unclear"],
  ])("%s: %s", (_so, minutes, kind) => expect(judge(minutes)).toBe(kind));

  test.each<[string, DoorMinute[], number, string]>([
    ["verify again", [minute(9, 0, 50), minute(1, 4, 0)], ago(9), "over"],
    ["do not come any more", [minute(16, 0, 50)], ago(16), "over"],
    ["have paused", [minute(9, 0, 50)], ago(9), "unclear"],
  ])("and then %s: %s", (_so, minutes, lastAtMs, kind) => expect(judge(minutes, lastAtMs)).toBe(kind));

  test("has probably a rotated secret where it was believed before and never since, and not where others still verify", () => {
    const guess = (minutes: DoorMinute[]) =>
      evidenceOf(judgeSignatures(minutes, DEFAULT_ISSUE_RULES.signature_failures, null, NOW));
    const before = [minute(30, 10, 0), minute(4, 3, 9)];
    expect(guess([...before, minute(1, 0, 30)])).toMatchObject({ is_probably_rotated: true, failed_count: 39 });
    expect(guess([...before, minute(1, 2, 30)])).toMatchObject({ is_probably_rotated: false });
    // Never believed: it was set up wrongly.
    expect(guess([minute(1, 0, 30)])).toMatchObject({ is_probably_rotated: false, last_accepted_at: null });
  });
});

test("a destination falls behind after a quarter of an hour, and has caught up well before that", () => {
  const judge = (lateMs: number | null, isOpen: boolean) =>
    judgeBacklog(
      { firstDueAtMs: lateMs === null ? null : NOW - lateMs, waiting: 3, bars: NO_BARS },
      DEFAULT_ISSUE_RULES.backlog,
      isOpen,
      NOW,
    ).kind;
  expect(judge(DEFAULT_ISSUE_RULES.backlog.late_ms, false)).toBe("happening");
  expect(judge(DEFAULT_ISSUE_RULES.backlog.late_ms - 1, false)).toBe("unclear");
  expect(judge(DEFAULT_ISSUE_RULES.backlog.late_ms / 3, true)).toBe("happening");
  expect(judge(DEFAULT_ISSUE_RULES.backlog.late_ms / 3 - 1, true)).toBe("over");
  expect(judge(null, true)).toBe("over");
  // Due in the future: nothing is late.
  expect(judge(-HOUR_MS, false)).toBe("unclear");
});

test("an open breaker is to know, with why it opened and when it is tried again, and is over once it lets go", () => {
  const trouble = { trouble: "fails", response_status: 503, error_code: null } as const;
  const reading = (change: Partial<BreakerReading>): BreakerReading => ({
    state: "open",
    is_forced: false,
    since: "2026-05-29T12:20:00.000Z",
    because: { kind: "in_a_row", failures: 20, ...trouble },
    next_probe_at: "2026-05-29T12:34:00.000Z",
    failed_probes: 0,
    ramps_until: null,
    holds_events: true,
    refusal: null,
    ...change,
  });
  expect(judgeBreaker(reading({}), 1_522, false, NOW)).toMatchObject({
    kind: "happening",
    needsPerson: false,
    evidence: { because: "20 × 503 in a row", held_count: 1_522, next_probe_at: "2026-05-29T12:34:00.000Z" },
  });
  const share = { kind: "share", failures: 30, tries: 50, ...trouble } as const;
  const because = (reason: BreakerReading["because"]) =>
    evidenceOf(judgeBreaker(reading({ because: reason, state: "half_open" }), 0, true, NOW));
  expect(because(share)).toMatchObject({ because: "30 × 503 of 50 tries" });
  expect(because({ kind: "forced" })).toMatchObject({ because: "somebody has opened it" });
  for (const state of ["closed", "ramping"] as const) {
    expect(judgeBreaker(reading({ state }), 0, true, NOW).kind).toBe("over");
    expect(judgeBreaker(reading({ state }), 0, false, NOW).kind).toBe("unclear");
  }
});
