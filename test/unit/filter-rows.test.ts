// The two forms of a filter in the editor say the same: whatever goes from JSON to rows and back judges as before.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClauseRow, type FilterRow, filterOf, rowProblem, rowsOf } from "#components/rules/filter-rows.ts";
import { kindOf, readValue, showValue } from "#components/rules/filter-values.ts";
import { FilterRule } from "#server/contracts/rule.ts";
import type { Json } from "#server/json/value.ts";
import { matchFilter } from "#server/rules/filter.ts";

const again = (filter: object) => filterOf(rowsOf(filter));
const row = (path: string, operator: ClauseRow["operator"], value: string, id = 1): ClauseRow => ({
  kind: "clause",
  id,
  path,
  operator,
  value,
});

const KEYS = ["a", "b", "a.b", "$a"] as const;
const key = fc.constantFrom(...KEYS.slice(0, 3));
const scalar = fc.constantFrom<Json>(1, 2, "1", "x", "", true, null, "a, b", '"q"', " x");
const operand = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const comparison = fc.oneof(
  fc.record({ $gte: fc.constantFrom<Json>(1, 2, "x") }),
  fc.record({ $lt: fc.constantFrom<Json>(2, "x") }),
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $neq: operand }),
  fc.record({ $exist: fc.boolean() }),
  fc.record({ $contains: scalar }),
  fc.record({ $ref: fc.constantFrom("body.a", "body.b") }),
);
const { clause } = fc.letrec<{ clause: Json }>((tie) => ({
  clause: fc.oneof(
    { maxDepth: 3 },
    operand as fc.Arbitrary<Json>,
    comparison as fc.Arbitrary<Json>,
    fc.dictionary(key, tie("clause"), { maxKeys: 2 }),
    fc.record({ $or: fc.array(tie("clause"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ $and: fc.array(tie("clause"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ $not: tie("clause") }),
  ),
}));
const { payload } = fc.letrec<{ payload: Json }>((tie) => ({
  payload: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.dictionary(key, tie("payload"), { maxKeys: 3 }),
    fc.array(tie("payload"), { maxLength: 2 }),
  ),
}));

test("a filter that goes through the rows judges every request as before", () => {
  fc.assert(
    fc.property(clause, fc.array(payload, { minLength: 1, maxLength: 8 }), (body, payloads) => {
      const filter = { type: "filter" as const, body };
      fc.pre(FilterRule.safeParse(filter).success);
      const back = again({ body });
      for (const one of payloads) {
        const request = { headers: {}, query: {}, path: "/", method: "POST", body: one };
        const judged = back === undefined || matchFilter({ type: "filter", ...back }, request, null).kind === "match";
        expect(judged, JSON.stringify(back)).toBe(matchFilter(filter, request, null).kind === "match");
      }
    }),
    { numRuns: 3_000 },
  );
});

test("what rows make of themselves stays as it is", () => {
  fc.assert(
    fc.property(clause, (body) => {
      fc.pre(FilterRule.safeParse({ type: "filter", body }).success);
      const once = again({ body });
      expect(once === undefined ? undefined : again(once)).toEqual(once);
    }),
  );
});

describe("rows", () => {
  test("of a filter as people write it are its clauses, with a group where one of several has to hold", () => {
    const filter: Parameters<typeof rowsOf>[0] = {
      event_type: ["payment_intent.*", "charge.*"],
      body: {
        livemode: true,
        data: { object: { amount: { $gte: 5000, $lt: 9000 }, id: { $startsWith: "pi_" } } },
        $or: [{ currency: { $in: ["eur", "gbp"] } }, { vip: { $exist: true } }],
        note: { $not: "x" },
      },
      headers: { "x-priority": "1" },
      path: { $startsWith: "/v1" },
    };
    const shown = (rows: readonly FilterRow[]): unknown[] =>
      rows.map((one) => {
        if (one.kind === "clause") return `${one.path} ${one.operator} ${one.value}`;
        return one.kind === "group" ? [one.base, ...shown(one.rows)] : { [one.base]: one.clause };
      });
    expect(shown(rowsOf(filter))).toEqual([
      "event_type glob payment_intent.*, charge.*",
      "body.livemode $eq true",
      "body.data.object.amount $gte 5000",
      "body.data.object.amount $lt 9000",
      "body.data.object.id $startsWith pi_",
      ["body", "body.currency $in eur, gbp", "body.vip $exist yes"],
      { "body.note": { $not: "x" } },
      "headers.x-priority $eq 1",
      "path $startsWith /v1",
    ]);
    expect(again(filter)).toEqual(filter);
  });

  test("that speak of the same thing twice become an $and, and come back from it", () => {
    const rows = [row("body.tags", "$contains", "a", 1), row("body.tags", "$contains", "b", 2)];
    const filter = filterOf(rows);
    expect(filter).toEqual({ body: { tags: { $contains: "a" }, $and: [{ tags: { $contains: "b" } }] } });
    expect(again(filter ?? {})).toEqual(filter);
  });

  test("that are not whole say nothing, and why", () => {
    const unfinished = [row("", "$eq", "1"), row("body.items[0].sku", "$eq", "1"), row("data.id", "$eq", "1")];
    for (const one of unfinished) expect(rowProblem(one)).toMatch(/[.]/);
    expect(rowProblem(row("headers", "$eq", "x"))).toContain("one header");
    expect(filterOf(unfinished)).toBeUndefined();
    expect(filterOf([...unfinished, row('body["a.b"]', "$eq", "1")])).toEqual({ body: { "a.b": 1 } });
  });

  test("of a group that spans two parts say nothing, for a filter has no such clause", () => {
    const rows = [row("body.a", "$eq", "1", 2), row("headers.x", "$eq", "1", 3)];
    expect(filterOf([{ kind: "group", id: 1, base: "body", rows }])).toBeUndefined();
    const moved = [row("headers.x", "$eq", "1", 2), row("headers.y", "$eq", "1", 3)];
    expect(filterOf([{ kind: "group", id: 1, base: "body.data", rows: moved }])).toEqual({
      headers: { $or: [{ x: "1" }, { y: "1" }] },
    });
  });
});

describe("values", () => {
  test.each<[string, ClauseRow["operator"], string, Json, string]>([
    ["body.n", "$eq", "5000", 5000, "number"],
    ["body.n", "$eq", '"5000"', "5000", "text"],
    ["body.n", "$eq", "true", true, "bool"],
    ["body.n", "$eq", "eur", "eur", "text"],
    ["body.n", "$in", "eur, 5", ["eur", 5], "list"],
    ["headers.x", "$eq", "5", "5", "text"],
    ["headers.x", "$gte", "5", 5, "number"],
    ["body.at", "$lt", "2026-01-01", "2026-01-01", "text"],
    ["body.n", "$exist", "no", false, "bool"],
    ["event_type", "glob", "a.*, b", ["a.*", "b"], "glob"],
    ["body.s", "$regex", "^5+$", "^5+$", "pattern"],
  ])("%s %s %s is %j", (path, operator, text, value, kind) => {
    expect(readValue(path, operator, text)).toEqual(value);
    expect(kindOf(path, operator, text)).toBe(kind);
    expect(showValue(path, operator, value)).toBe(text);
  });

  test("a number that no double holds keeps its digits", () => {
    expect(String(readValue("body.id", "$eq", "12345678901234567890"))).toBe("12345678901234567890");
  });
});
