// What people read of an issue: a guess says so, and only what is safe to press is the dark button.
import { describe, expect, test } from "vitest";
import { grouped, moveWords, wordsOf } from "#components/issues/issue-words.ts";
import { Issue, type IssueEvidence } from "#server/contracts/issue.ts";

const AT = "2026-05-29T12:30:00.000Z";
const issueOf = (evidence: IssueEvidence, change: Partial<Issue> = {}): Issue =>
  Issue.parse({
    id: "iss_x",
    team_id: "tm_x",
    kind: evidence.kind,
    state: "open",
    subject: { kind: "source", id: "src_x", name: "shop" },
    needs_person: true,
    count: 1,
    opened_count: 1,
    evidence,
    bars: { until: AT, good: [], bad: [] },
    history: [],
    first_at: AT,
    last_at: AT,
    snoozed_until: null,
    resolved_at: null,
    resolved_because: null,
    created_at: AT,
    updated_at: AT,
    ...change,
  });

const signatures = (is_probably_rotated: boolean, accepted_count: number): IssueEvidence => ({
  kind: "signature_failures",
  failed_count: 30,
  accepted_count,
  last_accepted_at: AT,
  is_probably_rotated,
});
const EVERY: IssueEvidence[] = [
  signatures(true, 0),
  { kind: "connection_failing", failed_attempts: 1, ended_failed: 0, last_delivered_at: null, destination_id: "des_x" },
  { kind: "transform_errors", errors: 1, requests: 9, version: 12, is_since_saved: true, connection_ids: ["web_x"] },
  { kind: "breaker_open", because: "20 × 503", opened_at: AT, next_probe_at: AT, held_count: 7 },
  { kind: "backlog", late_ms: 1_260_000, waiting_count: 1, threshold_ms: 900_000 },
  { kind: "source_silent", heard_at: AT, period_ms: 660_000, gaps_seen: 1 },
  {
    kind: "payload_drift",
    event_type: "orders/updated",
    paths: [{ path: "body.total", before: 1, now: 0, read_by: "filter" }],
    requests_now: 20,
    requests_before: 20,
  },
];

const withoutQuery = (href: string) => href.split("?")[0];
const tabOf = (href: string) => new URLSearchParams(href.split("?")[1]).get("tab");

describe("an issue", () => {
  test("leads to the tab where it is mended", () => {
    const tabs = EVERY.flatMap((evidence) => {
      const [action] = wordsOf(issueOf(evidence)).actions;
      return action && withoutQuery(action.href) === "/connections" ? [[evidence.kind, tabOf(action.href)]] : [];
    });
    expect(Object.fromEntries(tabs)).toEqual({
      signature_failures: "secrets",
      breaker_open: "trouble",
      backlog: "pace",
      source_silent: null,
      payload_drift: "rules",
    });
  });

  test.each(EVERY.map((evidence) => [evidence.kind, evidence] as const))(
    "%s says what is so, what was checked, and at most one dark button",
    (_kind, evidence) => {
      const words = wordsOf(issueOf(evidence));
      for (const sentence of [words.says, words.safe]) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
      expect(words.facts.length).toBeGreaterThan(0);
      expect(words.actions.filter(({ isPrimary }) => isPrimary).length).toBeLessThanOrEqual(1);
      expect(JSON.stringify(words)).not.toMatch(/undefined|NaN|null/);
    },
  );

  test("of failing signatures says that the secret was probably rotated only where that is so", () => {
    expect(wordsOf(issueOf(signatures(true, 0))).reasoning).toBe("Probably a rotated secret");
    expect(wordsOf(issueOf(signatures(false, 4))).detail).toMatch(/one sender/);
  });

  test("that goes away by itself has no dark button", () => {
    const waits = EVERY.filter(({ kind }) => kind === "breaker_open" || kind === "source_silent");
    expect(waits.flatMap((evidence) => wordsOf(issueOf(evidence)).actions).some(({ isPrimary }) => isPrimary)).toBe(
      false,
    );
  });
});

test("what waits for a person stands first, and what is over last", () => {
  const [first, second, third] = EVERY.map((evidence) => evidence);
  if (!first || !second || !third) throw new Error("Three kinds at least.");
  const groups = grouped([
    issueOf(first, { state: "resolved" }),
    issueOf(second, { needs_person: false }),
    issueOf(third),
  ]);
  expect(groups.map(({ title, issues }) => [title, issues[0]?.kind])).toEqual([
    ["Waits for you", third.kind],
    ["Goes away by itself, or only to know", second.kind],
    ["Closed", first.kind],
  ]);
});

test("a move says by itself or by whom", () => {
  const move = {
    at: AT,
    what: "resolved",
    because: "Resolved by hand.",
    by: { kind: "api_key", id: "key_x" },
  } as const;
  expect(moveWords(move)).toBe("Closed: Resolved by hand, by an API key");
  expect(moveWords({ ...move, what: "opened", because: null, by: null })).toBe("Opened by itself");
});
