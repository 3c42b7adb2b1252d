// The filter language against a slow reading of its own rules, which are the comment at the head of `server/rules/filter.ts`: written anew
// here, with nothing of it but the rules.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FilterClause } from "#server/contracts/filter.ts";
import type { Json } from "#server/json/value.ts";
import { matchFilter } from "#server/rules/filter.ts";
import { ruleRequest } from "#test/support/rule-request.ts";

type Value = Json | undefined;
type Fields = { [key: string]: Json };
const isFields = (value: Value): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const member = (value: Value, key: string): Value =>
  isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
const WHOLE = ["$exist", "$and", "$or", "$not"];

/** Thrown where the rules leave open what a `$not` of a missing value means. */
class LeftOpen extends Error {}

function holds(clause: Json, value: Value, body: Json): boolean {
  if (!isFields(clause)) return ofElements([["$eq", clause]], value, body);
  const entries = Object.entries(clause);
  if (entries.length === 0) return value !== undefined;
  const isWhole = ([key, operand]: [string, Json]) =>
    WHOLE.includes(key) || (key === "$neq" && Array.isArray(resolve(operand, body)));
  const rest = entries.filter((entry) => !isWhole(entry));
  return (
    entries.filter(isWhole).every(([key, operand]) => ofWhole(key, operand, value, body)) &&
    (rest.length === 0 || ofElements(rest, value, body))
  );
}

function ofWhole(key: string, operand: Json, value: Value, body: Json): boolean {
  const clauses = Array.isArray(operand) ? operand : [];
  if (key === "$exist") return (value !== undefined) === operand;
  if (key === "$and") return clauses.every((clause) => holds(clause, value, body));
  if (key === "$or") return clauses.some((clause) => holds(clause, value, body));
  if (key === "$neq") return value !== undefined && !isDeepStrictEqual(value, resolve(operand, body));
  if (value !== undefined) return !holds(operand, value, body);
  if (!isFields(operand)) return false;
  const keys = Object.keys(operand);
  if (keys.length === 1 && keys[0] === "$exist") return !holds(operand, value, body);
  if (keys.length === 1 && keys[0] !== undefined && keys[0].startsWith("$") && !WHOLE.includes(keys[0])) return false;
  throw new LeftOpen();
}

/** A list fits when it does itself, or one of its elements does at any depth. */
function ofElements(entries: [string, Json][], value: Value, body: Json): boolean {
  if (!Array.isArray(value)) return entries.every((entry) => ofOne(entry, value, body));
  return (
    ofList(entries, value, body) ||
    value.some((element) =>
      Array.isArray(element)
        ? ofElements(entries, element, body)
        : entries.every((entry) => ofOne(entry, element, body)),
    )
  );
}

function ofList(entries: [string, Json][], list: Json[], body: Json): boolean {
  return entries.every(([key, operand]) => {
    if (["$eq", "$in", "$contains"].includes(key)) return ofOne([key, operand], list, body);
    return !key.startsWith("$") && list.length === 0 && holds(operand, undefined, body);
  });
}

function ofOne([key, operand]: [string, Json], value: Value, body: Json): boolean {
  if (!key.startsWith("$")) return holds(operand, member(value, key), body);
  const other = resolve(operand, body);
  return value !== undefined && other !== undefined && compare(key, value, other);
}

/** The operand, or what stands at the path of a `$ref`. */
function resolve(operand: Json, body: Json): Value {
  const path = member(operand, "$ref");
  if (typeof path !== "string") return operand;
  return path
    .split(".")
    .slice(1)
    .reduce<Value>((value, key) => member(value, key), body);
}

const among = (list: Json, value: Json) => Array.isArray(list) && list.some((each) => isDeepStrictEqual(each, value));
const texts = (operand: Json) =>
  (Array.isArray(operand) ? operand : [operand]).filter((each) => typeof each === "string");

function sign(value: Json, other: Json): number {
  if (typeof value === "string" && typeof other === "string") return value < other ? -1 : Number(value > other);
  const [left, right] = [value, other].map((each) =>
    typeof each === "number" || (typeof each === "string" && /^-?\d+$/.test(each)) ? Number(each) : Number.NaN,
  ) as [number, number];
  return left - right;
}

function compare(operator: string, value: Json, other: Json): boolean {
  const isText = typeof value === "string";
  switch (operator) {
    case "$eq":
      return isDeepStrictEqual(value, other);
    case "$neq":
      return !isDeepStrictEqual(value, other);
    case "$in":
      return among(Array.isArray(other) ? other : [other], value);
    case "$nin":
      return !among(Array.isArray(other) ? other : [other], value);
    case "$contains":
      if (isText) return texts(other).some((text) => value.includes(text));
      return among(value, other) || (Array.isArray(other) && other.some((each) => among(value, each)));
    case "$startsWith":
      return isText && texts(other).some((text) => value.startsWith(text));
    case "$endsWith":
      return isText && texts(other).some((text) => value.endsWith(text));
    case "$gt":
      return sign(value, other) > 0;
    case "$gte":
      return sign(value, other) >= 0;
    case "$lt":
      return sign(value, other) < 0;
    default:
      return sign(value, other) <= 0;
  }
}

const key = fc.constantFrom("a", "b", "c");
const leaf = fc.constantFrom<Json>("a", "ab", "b", "", "2", "10", 0, 1, 2, 10, -1, true, false, null);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(key, tie("json"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const text = fc.constantFrom("a", "ab", "b", "");
const ref = fc.constantFrom("body.a", "body.b", "body.c.a", "body.a.b").map((path): Json => ({ $ref: path }));
const ordered = fc.constantFrom<Json>("a", "ab", "2", "10", 0, 1, 2, 10);
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom("$eq", "$neq"), fc.oneof(json, ref)),
  fc.tuple(fc.constantFrom("$gt", "$gte", "$lt", "$lte"), fc.oneof(ordered, ref)),
  fc.tuple(fc.constantFrom("$in", "$nin"), fc.oneof(fc.array(json, { maxLength: 3 }), ref)),
  fc.tuple(fc.constant("$contains"), fc.oneof(json, ref)),
  fc.tuple(fc.constantFrom("$startsWith", "$endsWith"), fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 2 }))),
  fc.tuple(fc.constant("$exist"), fc.boolean()),
);
const { clause } = fc.letrec<{ clause: Json }>((tie) => ({
  clause: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(comparison, { minLength: 1, maxLength: 2 }).map((pairs): Json => Object.fromEntries(pairs)),
    fc.array(json, { maxLength: 2 }),
    fc.dictionary(key, tie("clause"), { maxKeys: 3, noNullPrototype: true }),
    fc
      .tuple(fc.constantFrom("$and", "$or"), fc.array(tie("clause"), { minLength: 1, maxLength: 3 }))
      .map(([operator, clauses]): Json => ({ [operator]: clauses })),
    tie("clause").map((inner): Json => ({ $not: inner })),
    fc
      .tuple(fc.dictionary(key, tie("clause"), { maxKeys: 2, noNullPrototype: true }), comparison)
      .map(([fields, [operator, operand]]): Json => ({ ...fields, [operator]: operand as Json })),
  ),
}));

describe("a filter on a body", () => {
  test("holds exactly where its rules say, read slowly", () => {
    const seen = { matches: 0, mismatches: 0 };
    fc.assert(
      fc.property(clause, json, (filter, body) => {
        fc.pre(FilterClause.safeParse(filter).success);
        let wanted: boolean;
        try {
          wanted = holds(filter, body, body);
        } catch (error) {
          if (!(error instanceof LeftOpen)) throw error;
          return;
        }
        const { kind } = matchFilter({ type: "filter", body: filter }, ruleRequest(body), null);
        seen[wanted ? "matches" : "mismatches"]++;
        expect(kind).toBe(wanted ? "match" : "mismatch");
      }),
      { numRuns: 4_000 },
    );
    expect(Math.min(seen.matches, seen.mismatches)).toBeGreaterThan(200);
  });
});
