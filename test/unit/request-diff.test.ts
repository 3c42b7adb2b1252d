import fc from "fast-check";
import { expect, test } from "vitest";
import { isObject, type Json } from "#server/json/value.ts";
import { diffRequests, MAX_CHANGES } from "#server/rules/transform-diff.ts";
import { ruleRequest } from "#test/support/rule-request.ts";

test("names what was removed, changed and added", () => {
  const before = ruleRequest({ id: 1, type: "a", list: [1, 2], "x.y": 1 }, { headers: { a: "1" } });
  const after = ruleRequest(
    { id: 1, list: [1, 3, 4], kind: null, "x.y": 2 },
    { headers: {}, path: "/x", method: "PUT" },
  );
  expect(diffRequests(before, after)).toEqual([
    { path: "body.type", before: "a" },
    { path: "body.list[1]", before: 2, after: 3 },
    { path: "body.list[2]", after: 4 },
    { path: 'body["x.y"]', before: 1, after: 2 },
    { path: "body.kind", after: null },
    { path: "headers.a", before: "1" },
    { path: "path", before: "/", after: "/x" },
    { path: "method", before: "POST", after: "PUT" },
  ]);
});

test("a body that appears, goes or changes its kind is one change", () => {
  expect(diffRequests(ruleRequest(), ruleRequest({ a: 1 }))).toEqual([{ path: "body", after: { a: 1 } }]);
  expect(diffRequests(ruleRequest("x"), ruleRequest())).toEqual([{ path: "body", before: "x" }]);
  expect(diffRequests(ruleRequest([1]), ruleRequest({ 0: 1 }))).toEqual([
    { path: "body", before: [1], after: { 0: 1 } },
  ]);
});

test("is empty exactly when the JSON is equal", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      const [a, b]: [Json, Json] = [JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right))];
      expect(diffRequests(ruleRequest(a), ruleRequest(structuredClone(a)))).toEqual([]);
      const isEqual = diffRequests(ruleRequest(a), ruleRequest(b)).length === 0;
      expect(isEqual).toBe(sorted(a) === sorted(b));
    }),
    { examples: [[{}, []]] },
  );
});

test("is bounded in number and size", () => {
  const numbers = (from: number) => Array.from({ length: 300_000 }, (_, index) => from + index);
  expect(diffRequests(ruleRequest(numbers(0)), ruleRequest(numbers(1)))).toHaveLength(MAX_CHANGES);
  const [change] = diffRequests(ruleRequest({ a: "x".repeat(5000) }), ruleRequest({ a: { list: numbers(0) } }));
  expect(JSON.stringify(change?.before).length).toBeLessThan(1100);
  expect(JSON.stringify(change?.after).length).toBeLessThan(1600);
});

test("deep and prototype-like payloads are plain data", () => {
  const deep = (leaf: number): Json => JSON.parse(`${'{"a":['.repeat(50_000)}${leaf}${"]}".repeat(50_000)}`);
  const [change] = diffRequests(ruleRequest(deep(1)), ruleRequest(deep(2)));
  expect(change).toMatchObject({ before: 1, after: 2 });
  expect(change?.path.length).toBeLessThan(1100);
  expect(diffRequests(ruleRequest(deep(1)), ruleRequest(1))).toHaveLength(1);
  const proto: Json = JSON.parse('{"__proto__":{"x":1}}');
  expect(diffRequests(ruleRequest(proto), ruleRequest({}))).toEqual([{ path: "body.__proto__", before: { x: 1 } }]);
});

function sorted(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? `object ${JSON.stringify(
          Object.keys(inner)
            .sort()
            .map((key) => [key, sorted(inner[key] ?? null)]),
        )}`
      : inner,
  );
}
