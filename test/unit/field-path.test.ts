import { describe, expect, test } from "vitest";
import { FieldPath } from "#server/contracts/field-path.ts";
import { parseFieldPath, readField } from "#server/rules/field-path.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";

const request: RuleRequest = {
  headers: { "x-topic": "orders/create" },
  query: { page: "2", tag: ["a", "b"] },
  path: "/hooks",
  method: "POST",
  body: {
    a: { b: [{ c: 1 }, { c: null }] },
    items: [{ sku: "x" }, {}, { sku: "y" }],
    rows: [[1, 2], [3], 4],
    "dotted.key": { "[x]": 1 },
    'quoted"A': 2,
    "": 3,
    numbered: { 0: "zero" },
  },
};
const read = (path: string) => readField(request, parseFieldPath(FieldPath.parse(path)));

describe("a field path", () => {
  test.each([
    ["headers.x-topic", "orders/create"],
    ["headers.X-Topic", "orders/create"],
    ["query.page", "2"],
    ["query.tag[1]", "b"],
    ["path", "/hooks"],
    ["body", request.body],
    ["body.a.b[0].c", 1],
    ["body.a.b[1].c", null],
    ["body.a.b[2].c", undefined],
    ["body.items[*].sku", ["x", undefined, "y"]],
    ["body.rows[*][*]", [[1, 2], [3], undefined]],
    ["body.a[*]", undefined],
    ["body.a.b.c", undefined],
    ["body.a.b.length", undefined],
    ["query.tag.length", undefined],
    ['body["a"].b["0"].c', 1],
    ["body.items.0.sku", "x"],
    ["body.items.sku", undefined],
    ['headers["X-Topic"]', "orders/create"],
    ['body["dotted.key"]["[x]"]', 1],
    ['body["quoted\\"\\u0041"]', 2],
    ['body[""]', 3],
    ["body.numbered.0", "zero"],
  ])("%s reads %j", (path, expected) => {
    expect(read(path)).toEqual(expected);
  });

  test("sees own properties only", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    for (const name of names)
      for (const part of ["body", "headers", "query"]) expect(read(`${part}.${name}`)).toBeUndefined();
    const body = JSON.parse('{"__proto__":{"x":1}}');
    expect(readField({ ...request, body }, parseFieldPath("body.__proto__.x"))).toBe(1);
  });

  test("that the contract refuses is not parsed either", () => {
    for (const path of [
      "",
      "foo",
      "body.",
      "body..a",
      "body[",
      "body[-1]",
      "path.a",
      "body[*",
      "bodyx",
      "body.a]",
      "body[a]",
      'body["a',
      'body["\\x"]',
      "headers[0]",
      "headers.x.y",
      "$.body.a",
    ]) {
      expect([path, FieldPath.safeParse(path).success]).toEqual([path, false]);
    }
    expect(() => parseFieldPath("foo.a")).toThrow("is not a field path");
    expect(() => parseFieldPath("body..a")).toThrow("is not a field path");
  });
});
