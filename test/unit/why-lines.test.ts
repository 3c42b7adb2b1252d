import { expect, test } from "vitest";
import { clauseWords, whyLines } from "#components/data/why-lines.ts";
import { Why } from "#server/contracts/why.ts";

const AT = "2026-11-25T02:12:43.118Z";
const mismatch = { path: "body.amount", operator: "$gte", expected: 100, message: "body.amount is missing" };
const WHY = Why.parse([
  { step: "connection", outcome: "enabled" },
  { step: "deduplicate", outcome: "first", window_ms: 60_000 },
  {
    step: "transform",
    outcome: "failed",
    transformation_id: "trs_1",
    version: 7,
    changes: [],
    console: [],
    duration_ms: 12,
    error: { kind: "threw", message: "x is undefined", line: 3 },
  },
  { step: "filter", outcome: "failed", mismatch },
  { step: "delay", outcome: "scheduled", delay_ms: 300_000, until: AT },
  { step: "hold", outcome: "held", reason: "breaker_open", since: AT },
  {
    step: "attempt",
    outcome: "failed",
    number: 2,
    trigger: "AUTOMATIC",
    at: AT,
    response_status: 503,
    error_code: "BAD_RESPONSE",
    attempt_id: "att_1",
    latency_ms: 412,
    phases: null,
    next: { kind: "retry", at: AT, because: "policy" },
  },
  { step: "end", outcome: "failed", because: "exhausted", at: AT },
]);

test("each step is one line: its state, its rule, what came of it, and when", () => {
  expect(whyLines(WHY).map(({ tone, rule, outcome, time }) => [tone, rule, outcome, time])).toEqual([
    ["DELIVERED", "Connection", "enabled", ""],
    ["DELIVERED", "Deduplicate", "first in 1 min", ""],
    ["FAILED", "Transform", "v7 threw at line 3: x is undefined", "12 ms"],
    ["IGNORED", "Filter", "body.amount is missing", ""],
    ["SCHEDULED", "Delay", "5 min, until 02:12:43", ""],
    ["HOLD", "Held", "the breaker of the destination is open", "02:12:43"],
    ["RETRYING", "Attempt 2", "503, next 02:12:43", "412 ms"],
    ["FAILED", "Failed", "all retries are spent", "02:12:43"],
  ]);
  expect(whyLines(WHY)[3]?.mismatch).toEqual(mismatch);
});

test("a clause says what it wanted and what was there, cut to a cell", () => {
  expect(clauseWords(mismatch)).toEqual({ expected: "≥ 100", actual: "missing" });
  expect(clauseWords({ ...mismatch, operator: "glob", actual: "x".repeat(5_000) }).actual.length).toBeLessThan(210);
  expect(clauseWords({ ...mismatch, operator: "$startsWith", expected: "a", actual: null })).toEqual({
    expected: 'startsWith "a"',
    actual: "null",
  });
});
