// The bounds of what a team may set, each with a sentence.
import { expect, test } from "vitest";
import { RULES, readNumber, shownNumber } from "#components/issues/rule-words.ts";
import { DEFAULT_ISSUE_RULES, IssueRules, UpdateIssueRules, wholeRules } from "#server/contracts/issue-rules.ts";

test("the usual rules are within the bounds, and a row that is older than a setting gets the usual one", () => {
  expect(IssueRules.parse(DEFAULT_ISSUE_RULES)).toEqual(DEFAULT_ISSUE_RULES);
  expect(wholeRules({})).toEqual(DEFAULT_ISSUE_RULES);
  expect(wholeRules({ backlog: { late_ms: 60_000 } }).backlog).toEqual({
    is_watched: true,
    muted_ids: [],
    late_ms: 60_000,
  });
});

test.each([
  { source_silent: { factor: 1 } },
  { source_silent: { factor: 51 } },
  { source_silent: { factor: Number.NaN } },
  { backlog: { late_ms: 59_999 } },
  { backlog: { late_ms: 86_400_001 } },
  { signature_failures: { failures: 0 } },
  { signature_failures: { share: 0 } },
  { transform_errors: { share: 1.1 } },
  { connection_failing: { ended_failed: 1.5 } },
  { breaker_open: { late_ms: 60_000 } },
  { nothing: {} },
])("%j is refused", (rules) => {
  expect(UpdateIssueRules.safeParse({ rules }).success).toBe(false);
});

test("each number that is shown is one of its rule, and is read as it is shown", () => {
  const numbers = Object.entries(RULES).flatMap(([kind, parts]) =>
    parts.flatMap((part) => (typeof part === "string" ? [] : [[kind as keyof IssueRules, part] as const])),
  );
  expect(numbers).toHaveLength(8);
  for (const [kind, number] of numbers) {
    const value = (DEFAULT_ISSUE_RULES[kind] as unknown as Record<string, number>)[number.field] ?? Number.NaN;
    expect(readNumber(number, shownNumber(number, value))).toBeCloseTo(value);
    for (const text of ["", "  ", "many", "1 2 x"]) expect(readNumber(number, text)).toBeUndefined();
  }
});
