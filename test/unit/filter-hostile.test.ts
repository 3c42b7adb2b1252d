import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FilterMismatch } from "#server/contracts/why.ts";
import type { Json } from "#server/json/value.ts";
import { cases } from "#test/support/generation.ts";
import { bodyMatches, bodyMismatch, ruleRequest, runFilter } from "#test/support/rule-request.ts";

describe("hostile input", () => {
  const nested = (depth: number, open: string, close: string): Json =>
    JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);

  test("neither deep objects nor deep lists overflow the stack", () => {
    const objects = nested(100_000, '{"a":', "}");
    expect(bodyMatches({ x: { a: { b: 1 } } }, { x: objects })).toBe(false);
    const copy = nested(100_000, '{"a":', "}");
    expect(bodyMatches({ x: { $eq: { $ref: "body.y" } } }, { x: objects, y: copy })).toBe(true);
    const list = nested(100_000, "[", "]");
    expect(bodyMismatch({ x: { $neq: { $ref: "body.x" } } }, { x: list }).path).toBe("body.x");
    expect(bodyMatches({ x: 1 }, { x: list })).toBe(true);
  });

  test("prototype names are plain keys", () => {
    for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const clause: Json = JSON.parse(`{"${key}":{"$exist":true}}`);
      expect(bodyMatches(clause, {})).toBe(false);
      expect(bodyMatches(clause, JSON.parse(`{"${key}":1}`))).toBe(true);
      expect(runFilter({ headers: clause }, ruleRequest()).kind).toBe("mismatch");
    }
    const parsed: Json = JSON.parse('{"__proto__":{"admin":true}}');
    expect(bodyMatches({ admin: true }, parsed)).toBe(false);
  });

  test("catastrophic patterns take linear time", () => {
    const text = `${"a".repeat(200_000)}!`;
    for (const $regex of ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*b"]) {
      expect(bodyMatches({ a: { $regex } }, { a: text })).toBe(false);
    }
  }, 2000);

  test("a filter and a payload that multiply end with an explanation", () => {
    const list = Array.from({ length: 5000 }, (_, index) => index);
    const clause: Json = { list: { $gt: { $ref: "body.negative[*]" } } };
    const mismatch = bodyMismatch({ $not: clause }, { list: list.map((n) => -n - 9e9), negative: list });
    expect(mismatch.message).toMatch(/^The rules need more than 5000000 steps/);
    const objects = { list: Array(5000).fill({ a: { b: 1 } }), negative: list };
    expect(bodyMismatch({ list: { a: { b: 2, $neq: { $ref: "body.negative[*]" } } } }, objects).message).toMatch(
      /steps/,
    );
    expect(bodyMismatch({ a: { $regex: "[ab]{900}c" } }, { a: "a".repeat(1e6) }).message).toMatch(/steps/);
    expect(bodyMismatch({ a: { $contains: `b${"a".repeat(5000)}` } }, { a: "a".repeat(1e6) }).message).toMatch(/steps/);
  }, 4000);

  test("any valid filter on any JSON gives an answer", () => {
    const scalar = fc.oneof(fc.constantFrom("a", "b", "2026-01-01"), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.constantFrom("a", "b", "__proto__");
    const { clause } = fc.letrec<{ clause: Json }>((tie) => ({
      clause: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        scalar,
        fc.array(scalar, { maxLength: 3 }),
        fc.dictionary(key, tie("clause"), { maxKeys: 3 }),
        fc.record({ $not: tie("clause") }),
        fc.record({ $or: fc.array(tie("clause"), { minLength: 1, maxLength: 3 }) }),
        fc.record({ $and: fc.array(tie("clause"), { minLength: 1, maxLength: 3 }) }),
        fc.record({ $exist: fc.boolean() }),
        fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
        fc.record({ $nin: fc.array(scalar, { maxLength: 3 }), $gt: fc.oneof(fc.integer(), fc.string()) }),
        fc.record({ $contains: scalar, $regex: fc.constantFrom("a", "^(a|b)+$") }),
        fc.record({ $ref: fc.constantFrom("body.a", "body.b[*].a", "body.b[$index].a", "headers.a", "path") }),
      ) as fc.Arbitrary<Json>,
    }));
    const body = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    const data = fc.oneof(body, fc.dictionary(key, body) as fc.Arbitrary<Json>);
    fc.assert(
      fc.property(clause, data, (filter, value) => {
        const result = runFilter({ body: filter, headers: filter }, ruleRequest(value));
        if (result.kind === "mismatch") FilterMismatch.parse(result.mismatch);
      }),
      cases(2000),
    );
  });

  test("$not of an object clause is its negation on a body that is there", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (clause, value) => {
        const wanted = { a: JSON.parse(JSON.stringify(clause).replaceAll("$", "")) };
        const body: Json = JSON.parse(JSON.stringify(value));
        expect(bodyMatches({ $not: wanted }, body)).toBe(!bodyMatches(wanted, body));
      }),
    );
  });
});
