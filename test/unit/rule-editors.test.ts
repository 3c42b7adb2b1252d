// What the editors of rules work out before anything is drawn.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellKind } from "#components/rules/dry-run-cells.tsx";
import { draftOfRule, readFilter, refusedFilter, withRows, withText } from "#components/rules/filter-draft.ts";
import { judgeFilter, judgeRows, lineOfMismatch, linesOf, marksOf } from "#components/rules/filter-verdict.ts";
import { isFieldPath, knownPaths } from "#components/rules/payload-paths.ts";
import { inStrategy, placeTries, waitsOf } from "#components/rules/retry-times.ts";
import { readKept } from "#components/rules/rule-draft.ts";
import { isSameRule, withRule } from "#components/rules/rule-list.ts";
import { filterWords, retriedWords, retryWords } from "#components/rules/rule-words.ts";
import { readSpan, spanText } from "#components/rules/span-text.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import { tallyDryRun } from "#server/resources/dry-run-tally.ts";

const FILTER: FilterRule = { type: "filter", body: { data: { amount: { $gte: 5000 } }, $or: [{ a: 1 }, { b: 2 }] } };

describe("the draft of a filter", () => {
  test("has rows and JSON that follow each other", () => {
    const draft = draftOfRule(FILTER);
    expect(readFilter(draft.text).filter).toEqual(FILTER);
    const changed = withText(draft, '{"body": {"n": 1}}');
    expect(changed.rows).toMatchObject([{ path: "body.n", operator: "$eq", value: "1" }]);
    expect(readFilter(withRows(changed.rows).text).filter).toEqual({ type: "filter", body: { n: 1 } });
  });

  test("keeps its rows while the JSON is none, and says where it stops being one", () => {
    const draft = draftOfRule(FILTER);
    const broken = withText(draft, '{\n  "body": {"n": }\n}');
    expect(broken.rows).toBe(draft.rows);
    expect(readFilter(broken.text)).toMatchObject({ filter: null, line: 1 });
    expect(readFilter('{"boddy": 1}').problem).toContain("no boddy in a filter");
    expect(readFilter("[]").problem).toContain("is an object");
  });

  test("shows what the server refuses on its line", () => {
    const text = '{\n  "body": {\n    "n": {\n      "$gt": null\n    }\n  }\n}';
    const issues = [{ path: "rules[1].body.n.$gt", message: "$gt takes a number." }];
    expect(refusedFilter(text, issues)).toEqual({ problem: "$gt takes a number.", line: 3 });
    expect(refusedFilter(text, [{ path: "limit", message: "no" }])).toBeNull();
  });
});

describe("the verdict on a request", () => {
  const request = {
    headers: { "x-kind": "a" },
    query: {},
    path: "/",
    method: "POST",
    body: { data: { amount: 1200 }, items: [{ sku: "a" }, { sku: "b" }], a: 1 },
  };
  const seen = { request, eventType: "paid" };

  test("marks the clause that decides in the rows, in the JSON and in the payload", () => {
    const { rows, text } = draftOfRule(FILTER);
    const verdicts = judgeRows(rows, seen);
    expect([...verdicts.values()].map(({ holds }) => holds)).toContain(false);
    const { type: _, ...filter } = FILTER;
    const whole = judgeFilter(filter, seen);
    const json = linesOf(JSON.parse(text));
    expect(whole.mismatch?.path).toBe("body.data.amount");
    // {, body, data, amount, $gte
    expect(json && whole.mismatch && lineOfMismatch(json, whole.mismatch)).toBe(4);
    const payload = linesOf(request.body);
    const marks = payload ? marksOf(payload, "body", rows, verdicts) : new Map();
    expect([...marks]).toEqual([
      [2, { holds: false, note: "≥ 5000" }],
      [12, { holds: true, note: null }],
    ]);
  });

  test("finds a clause within $and and $or", () => {
    const filter = { body: { $and: [{ data: { amount: { $lt: 3 } } }] } };
    const { mismatch } = judgeFilter(filter, seen);
    const json = linesOf(filter);
    expect(json && mismatch && lineOfMismatch(json, mismatch)).toBe(6);
  });
});

test("the fields of real requests are those of their bodies, headers and queries, lists looked through", () => {
  const paths = knownPaths(
    [
      {
        headers: { "x-a": "1" },
        query: { page: "2" },
        path: "/",
        method: "POST",
        body: { items: [{ "a.b": 1 }], n: null },
      },
    ],
    "paid",
  ).map(({ path }) => path);
  const facts = ["event.type", "event.id", "event.occurred_at", "event.resource_id"];
  expect(paths).toEqual(["event_type", ...facts, 'body.items["a.b"]', "body.n", "path", "query.page", "headers.x-a"]);
  expect([
    isFieldPath("body.items[*].sku"),
    isFieldPath("headers"),
    isFieldPath("bodyx"),
    isFieldPath("data.id"),
  ]).toEqual([true, true, false, false]);
});

describe("lengths of time", () => {
  test.each([
    ["90", 90_000],
    ["5 min", 300_000],
    ["1h 30m", 5_400_000],
    ["1.5 s", 1_500],
    ["2 days", 172_800_000],
    ["", null],
    ["5 weeks", null],
    ["soon", null],
  ])("%j is %s ms", (text, ms) => expect(readSpan(text)).toBe(ms));

  test("read back as they are written, to the millisecond", () => {
    fc.assert(
      fc.property(fc.nat(7 * 86_400_000), (ms) => {
        expect(readSpan(spanText(ms))).toBe(ms);
      }),
    );
  });
});

describe("retries", () => {
  test("are placed on an axis in their order, within it, the last always with its time", () => {
    const policy = fc.record({
      strategy: fc.constantFrom("exponential" as const, "linear" as const),
      interval: fc.integer({ min: 1_000, max: 604_800_000 }),
      count: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(policy, (one) => {
        const waits = waitsOf(one);
        const tries = placeTries(waits, { left: 10, right: 500, label: 40 });
        expect(tries).toHaveLength(one.count + 1);
        for (const [index, { x, fromX, toX }] of tries.entries()) {
          expect(x).toBeGreaterThanOrEqual(tries[index - 1]?.x ?? 10);
          expect(fromX).toBeLessThanOrEqual(x);
          expect(toX).toBeLessThanOrEqual(500.01);
        }
        expect(tries.at(-1)?.hasLabel).toBe(true);
      }),
    );
  });

  test("keep their waits from one strategy to the next, and are said in a sentence", () => {
    const rule = { type: "retry" as const, strategy: "exponential" as const, interval: 60_000, count: 3 };
    const own = inStrategy({ ...rule, response_status_codes: ["500-599", "!501"] }, "custom");
    expect(own).toEqual({
      type: "retry",
      strategy: "custom",
      schedule: [60_000, 120_000, 240_000],
      response_status_codes: ["500-599", "!501"],
    });
    expect(inStrategy(own, "linear")).toMatchObject({ interval: 60_000, count: 3 });
    expect(retryWords(rule)).toBe("Exponential from 1 min, 4 tries, ±10 %.");
    expect(retriedWords(own)).toBe("On 500 to 599 and no answer, not on 501.");
    expect(retriedWords({})).toBe("On every failure.");
  });
});

test("a rule takes its place among the others, and is the same whatever the order of its keys", () => {
  const retry = { type: "retry" as const, strategy: "linear" as const, interval: 1_000, count: 1 };
  const filter = { type: "filter" as const, body: { a: 1, b: 2 } };
  expect(withRule([retry], "filter", filter)).toEqual([filter, retry]);
  expect(withRule([filter, retry], "filter", undefined)).toEqual([retry]);
  expect(isSameRule(filter, { body: { b: 2, a: 1 }, type: "filter" })).toBe(true);
  expect(isSameRule(filter, { type: "filter", body: { a: 1 } })).toBe(false);
  expect(isSameRule(filter, undefined)).toBe(false);
});

test("a filter is said in its clauses", () => {
  expect(filterWords({ type: "filter", event_type: "payment.*", body: { live: true, n: { $exist: false } } })).toEqual({
    sentence: "All three must hold:",
    clauses: ["event_type matches payment.*", "body.live = true", "body.n is absent"],
  });
});

test("a draft that the browser kept badly, or whose storage it refuses, is none", () => {
  const storeOf = (text: string) => () => ({ getItem: () => text, setItem: () => {}, removeItem: () => {} });
  expect(readKept(storeOf('{"from": "null", "draft": {"id": 12345678901234567890}}'), "k")?.from).toBe("null");
  expect(readKept(storeOf("{"), "k")).toBeNull();
  const refused = () => {
    throw new Error("denied");
  };
  expect(readKept(refused, "k")).toBeNull();
});

describe("a dry run", () => {
  test("draws what changes apart from what stays", () => {
    expect([
      cellKind("d", "d"),
      cellKind("f", "u"),
      cellKind("d", "f"),
      cellKind("f", "d"),
      cellKind("d", "e"),
    ]).toEqual(["pass", "stay", "out", "in", "fails"]);
  });

  test("finds copies within the window of the first, which a copy does not extend", () => {
    const dedupe = { keyHash: "k", windowMs: 10_000 };
    const sole = { outcome: "delivered" as const, reason: null, dedupe: null };
    const judged = [0, 6_000, 9_999, 10_000, 25_000].map((atMs, index) => ({
      id: `req_${index}`,
      eventType: null,
      createdAt: new Date(atMs),
      present: sole,
      draft: { ...sole, dedupe },
    }));
    const { cells, repeats, newly_duplicate } = tallyDryRun(judged);
    expect(cells).toEqual({ present: "ddddd", draft: "duudd" });
    expect(newly_duplicate.examples.map(({ request_id }) => request_id)).toEqual(["req_2", "req_1"]);
    expect(repeats.filter(({ count }) => count > 0)).toEqual([
      { within_ms: 10_000, count: 2 },
      { within_ms: 60_000, count: 2 },
    ]);
  });

  test("counts a copy as one whatever the later rules say of it", () => {
    const dedupe = { keyHash: "k", windowMs: 10_000 };
    const judged = [0, 1].map((atMs) => {
      const verdict = { outcome: "filtered" as const, reason: { message: "no" }, dedupe };
      return { id: `req_${atMs}`, eventType: null, createdAt: new Date(atMs), present: verdict, draft: verdict };
    });
    expect(tallyDryRun(judged).cells.draft).toBe("fu");
  });
});
