import { expect, test } from "vitest";
import { FilterRule } from "#server/contracts/rule.ts";
import { countClauses } from "#server/resources/count-clauses.ts";

const clausesOf = (parts: object) => countClauses(FilterRule.parse({ type: "filter", ...parts }));

test("a value is one clause and so is each operator, wherever they stand", () => {
  expect(clausesOf({ body: { type: "a" } })).toBe(1);
  expect(clausesOf({ body: { type: null, tags: { $in: ["a", "b", "c"] } } })).toBe(2);
  expect(clausesOf({ body: { data: { amount: { $gte: 1, $lt: 9 } } }, headers: { "x-a": "1" } })).toBe(3);
  expect(clausesOf({ body: { $or: [{ a: 1 }, { b: 2, c: { $exist: true } }] } })).toBe(3);
  expect(clausesOf({ body: { a: { $not: { $regex: "^x" } } } })).toBe(1);
});

test("an event type is one clause, however many globs it has", () => {
  expect(clausesOf({ event_type: ["a.*", "b.*"], path: "/in" })).toBe(2);
});
