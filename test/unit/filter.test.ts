import { describe, expect, test } from "vitest";
import type { FilterMismatch } from "#server/contracts/why.ts";
import type { Json } from "#server/json/value.ts";
import { bodyMatches, bodyMismatch, ruleRequest, runFilter } from "#test/support/rule-request.ts";

describe("operators", () => {
  test.each<[Json, Json, boolean]>([
    ["a", "a", true],
    [1, "1", false],
    [null, null, true],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }, true],
    [{ a: { $eq: { b: 1 } } }, { a: { b: 1, c: 2 } }, false],
    [{ a: { $eq: { b: 1, c: [2] } } }, { a: { c: [2], b: 1 } }, true],
    [{ a: { $neq: 1 } }, { a: 2 }, true],
    [{ a: { $neq: 1 } }, { a: 1 }, false],
    [{ a: { $gt: 1, $lt: 3 } }, { a: 2 }, true],
    [{ a: { $gt: 1, $lt: 3 } }, { a: 3 }, false],
    [{ a: { $gte: 2 } }, { a: 2 }, true],
    [{ a: { $lte: 2 } }, { a: 2.1 }, false],
    [{ a: { $gt: 9 } }, { a: "10" }, true],
    [{ a: { $gt: 9 } }, { a: "1x" }, false],
    [{ a: { $gt: "b" } }, { a: "c" }, true],
    [{ a: { $gte: "2026-05-29T00:00:00Z" } }, { a: "2026-05-29T01:00:00+02:00" }, false],
    [{ a: { $gte: "2026-05-29" } }, { a: "2026-05-29T00:00:00.000Z" }, true],
    [{ a: { $in: [1, "x"] } }, { a: "x" }, true],
    [{ a: { $in: [1, "x"] } }, { a: "1" }, false],
    [{ a: { $nin: [1] } }, { a: 2 }, true],
    [{ a: { $nin: [1] } }, { a: 1 }, false],
    [{ a: { $contains: "oic" } }, { a: "invoice" }, true],
    [{ a: { $contains: 2 } }, { a: [1, 2] }, true],
    [{ a: { $contains: { b: 1 } } }, { a: [{ b: 1 }] }, true],
    [{ a: { $startsWith: "in" } }, { a: "invoice" }, true],
    [{ a: { $endsWith: "in" } }, { a: "invoice" }, false],
    [{ a: { $contains: ["x", "oic"] } }, { a: "invoice" }, true],
    [{ a: { $contains: ["x", "y"] } }, { a: "invoice" }, false],
    [{ a: { $contains: [3, 2] } }, { a: [1, 2] }, true],
    [{ a: { $contains: [3, 4] } }, { a: [1, 2] }, false],
    [{ a: { $contains: [1, 2] } }, { a: [[1, 2]] }, true],
    [{ a: { $startsWith: ["x", "in"] } }, { a: "invoice" }, true],
    [{ a: { $startsWith: ["x", "y"] } }, { a: "invoice" }, false],
    [{ a: { $endsWith: ["in", "ice"] } }, { a: "invoice" }, true],
    [{ a: { $endsWith: ["in"] } }, { a: "invoice" }, false],
    [{ a: { $startsWith: { $ref: "body.prefixes" } } }, { a: "invoice", prefixes: ["x", "inv"] }, true],
    [{ a: { $exist: true } }, { a: null }, true],
    [{ a: { $exist: false } }, { a: null }, false],
    [{ a: { $regex: "^inv(oice)?\\." } }, { a: "invoice.paid" }, true],
    [{ a: { $regex: "^paid" } }, { a: "invoice.paid" }, false],
    [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
    [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 2 }, false],
    [{ $and: [{ a: 1 }, { b: 1 }] }, { a: 1, b: 1 }, true],
    [{ $and: [{ a: 1 }, { b: 1 }] }, { a: 1, b: 2 }, false],
    [{ $not: { a: 1 } }, { a: 2 }, true],
    [{ $not: { a: 1 } }, { b: 2 }, true],
    [{ a: { $not: { $startsWith: "x" } } }, { a: "y" }, true],
    [{ a: { $ref: "body.b" } }, { a: 1, b: 1 }, true],
    [{ a: { $neq: { $ref: "body.b" } } }, { a: 1, b: 1 }, false],
    [{ a: { $gt: { $ref: "body.b" } } }, { a: 2, b: 1 }, true],
    [{ a: { $ref: "body.items[*].id" } }, { a: 2, items: [{ id: 1 }, {}, { id: 2 }] }, true],
    [{ a: { $nin: { $ref: "body.items[*].id" } } }, { a: 2, items: [{ id: 1 }, { id: 2 }] }, false],
    [{ a: { $ref: "body.items[1].id" } }, { a: 2, items: [{ id: 1 }, { id: 2 }] }, true],
    [
      { items: { a: { $gt: { $ref: "body.items[$index].b" } } } },
      {
        items: [
          { a: 1, b: 2 },
          { a: 3, b: 3 },
        ],
      },
      false,
    ],
    [
      { items: { a: { $gt: { $ref: "body.items[$index].b" } } } },
      {
        items: [
          { a: 1, b: 2 },
          { a: 4, b: 3 },
        ],
      },
      true,
    ],
    [{ x: { y: { a: { $ref: "body.z[$index][$index]" } } } }, { x: [{ y: [{ a: 1 }, { a: 7 }] }], z: [[5, 7]] }, true],
    [{ a: { $ref: "body.items[$index].b" } }, { a: 1, items: [{ b: 1 }] }, false],
    [{ a: { $ref: "body.b" } }, { a: 1 }, false],
    [{ a: {} }, { a: 1 }, true],
    [{}, { a: 1 }, true],
  ])("%j on %j is %j", (clause, body, expected) => {
    expect(bodyMatches(clause, body)).toBe(expected);
  });

  test("a missing key fails every operator but $exist: false", () => {
    const clauses: Json[] = [
      "x",
      null,
      { $eq: null },
      { $neq: 1 },
      { $neq: [1] },
      { $gt: 0 },
      { $gte: 0 },
      { $lt: 0 },
      { $lte: 0 },
      { $in: [1] },
      { $nin: [1] },
      { $contains: "" },
      { $startsWith: "" },
      { $endsWith: "" },
      { $exist: true },
      { $regex: "" },
      { $not: "x" },
      { $not: { $exist: false } },
      { $ref: "body.a" },
      {},
      { b: 1 },
    ];
    for (const clause of clauses) expect([clause, bodyMatches({ a: clause }, { z: 1 })]).toEqual([clause, false]);
    expect(bodyMatches({ a: { $exist: false } }, { z: 1 })).toBe(true);
    expect(bodyMatches({ a: { b: { $exist: false } } }, { z: 1 })).toBe(true);
    expect(bodyMatches({ a: { $or: [{ $exist: false }, "x"] } }, { z: 1 })).toBe(true);
    expect(bodyMatches({ a: { $not: { $exist: true } } }, { z: 1 })).toBe(true);
    expect(bodyMatches({ a: 1 }, undefined)).toBe(false);
  });
});

describe("lists in the data", () => {
  test.each<[Json, Json, boolean]>([
    [{ tags: "a" }, { tags: ["b", "a"] }, true],
    [{ tags: "c" }, { tags: ["b", "a"] }, false],
    [{ tags: ["b", "a"] }, { tags: ["b", "a"] }, true],
    [{ tags: ["a", "b"] }, { tags: ["b", "a"] }, false],
    [{ tags: { $neq: ["b", "a"] } }, { tags: ["b", "a"] }, false],
    [{ tags: { $neq: "a" } }, { tags: ["a", "b"] }, true],
    [{ tags: { $neq: "a" } }, { tags: ["a"] }, false],
    [{ tags: { $not: "a" } }, { tags: ["a", "b"] }, false],
    [{ tags: { $not: "a" } }, { tags: ["b"] }, true],
    [{ tags: "a" }, { tags: [] }, false],
    [{ n: { $gt: 5, $lt: 10 } }, { n: [1, 20] }, false],
    [{ n: { $gt: 5, $lt: 10 } }, { n: [1, 7] }, true],
    [
      { items: { sku: "x", qty: { $gt: 1 } } },
      {
        items: [
          { sku: "x", qty: 1 },
          { sku: "y", qty: 2 },
        ],
      },
      false,
    ],
    [{ items: { sku: "x", qty: { $gt: 1 } } }, { items: [{ sku: "y" }, { sku: "x", qty: 2 }] }, true],
    [{ items: { sku: { $exist: false } } }, { items: [{ sku: 1 }, {}] }, true],
    [{ items: { sku: { $exist: false } } }, { items: [{ sku: 1 }] }, false],
    [{ items: { sku: { $exist: false } } }, { items: [] }, true],
    [{ rows: "x" }, { rows: [["y"], [["x"]]] }, true],
    [{ id: 2 }, [{ id: 1 }, { id: 2 }], true],
  ])("%j on %j is %j", (clause, body, expected) => {
    expect(bodyMatches(clause, body)).toBe(expected);
  });
});

describe("the parts of a request", () => {
  const asked = ruleRequest(
    { type: "a" },
    { headers: { "x-topic": "orders" }, query: { page: "2" }, path: "/hooks/eu" },
  );

  test("body, headers, query, path and event_type are ANDed", () => {
    const all = {
      body: { type: "a" },
      headers: { "X-Topic": "orders" },
      query: { page: { $gte: 2 } },
      path: { $startsWith: "/hooks/" },
      event_type: ["x", "order.*"],
    };
    expect(runFilter(all, asked, "order.paid").kind).toBe("match");
    const wrong = { body: "b", headers: { "x-topic": "b" }, query: { page: "3" }, path: "/", event_type: "pay.*" };
    for (const [part, value] of Object.entries(wrong)) {
      const result = runFilter({ ...all, [part]: value }, asked, "order.paid");
      expect([part, result.kind === "mismatch" && result.mismatch.path.split(".")[0]]).toEqual([part, part]);
    }
  });

  test("a header is found whatever its case, in the rule and in the request", () => {
    const sent = ruleRequest(null, { headers: { "Content-Type": "text/plain" } });
    expect(runFilter({ headers: { "CONTENT-type": "text/plain" } }, sent).kind).toBe("match");
    expect(runFilter({ headers: { $not: { "content-TYPE": "text/plain" } } }, sent).kind).toBe("mismatch");
  });

  test("a request without an event type matches no glob", () => {
    const result = runFilter({ event_type: "*" }, asked, null);
    expect(result).toMatchObject({
      mismatch: { path: "event_type", message: 'event_type must match "*" but is missing' },
    });
  });
});

describe("a mismatch names the clause that failed", () => {
  test.each<[Json, Json, Partial<FilterMismatch>]>([
    [
      { type: "invoice.paid" },
      { type: "invoice.created" },
      {
        path: "body.type",
        operator: "$eq",
        expected: "invoice.paid",
        actual: "invoice.created",
        message: 'body.type must equal "invoice.paid" but is "invoice.created"',
      },
    ],
    [
      { data: { amount: { $gte: 100 } } },
      { data: {} },
      { path: "body.data.amount", operator: "$gte", message: "body.data.amount must be at least 100 but is missing" },
    ],
    [
      { items: { sku: "x" } },
      { items: [{ sku: "a" }, { sku: "b" }] },
      {
        path: "body.items[*].sku",
        actual: "a",
        message: 'body.items[*].sku must equal "x" but is "a" in the first of 2 elements, and no other matches',
      },
    ],
    [{ tags: "x" }, { tags: ["a"] }, { path: "body.tags", message: 'body.tags must equal "x" but is ["a"]' }],
    [
      { $or: [{ a: 1 }, { b: { $exist: false } }] },
      { a: 2, b: 3 },
      {
        path: "body",
        operator: "$or",
        message: "body must match one of 2 alternatives: body.a must equal 1 but is 2; body.b must be absent but is 3",
      },
    ],
    [{ a: { $not: "x" } }, { a: "x" }, { path: "body.a", message: 'body.a must not match "x" but is "x"' }],
    [
      { a: { $ref: "query.b" } },
      { a: 1 },
      { path: "body.a", message: "body.a must equal the value of query.b but query.b is missing" },
    ],
    [
      { a: { $lt: { $ref: "body.b" } } },
      { a: 1, b: 0 },
      { path: "body.a", message: "body.a must be less than the value of body.b but is 1" },
    ],
    [{ "a.b": 1 }, { "a.b": 2 }, { path: 'body["a.b"]' }],
  ])("%j on %j", (clause, body, expected) => {
    expect(bodyMismatch(clause, body)).toMatchObject(expected);
  });

  test("a missing key leaves actual out", () => {
    expect(bodyMismatch({ a: 1 }, {})).not.toHaveProperty("actual");
  });

  test("huge values are shortened", () => {
    const mismatch = bodyMismatch({ a: "x" }, { a: "y".repeat(1e6) });
    expect(JSON.stringify(mismatch).length).toBeLessThan(2000);
  });
});

describe("a filter on a body that is no JSON names that first:", () => {
  test.each<[string, Parameters<typeof ruleRequest>, string]>([
    [
      "broken",
      ['{"a": 1,}'],
      "the body is not JSON: at line 1, column 9, a name in double quotes should stand; so body.a",
    ],
    ["two documents", ['{"a":1}\n{"a":1}'], "the body is not JSON: at line 2, column 1, a second document begins; so"],
    ["of another type", ['{"a":1}', { headers: { "content-type": "text/csv" } }], "its content-type is text/csv"],
    ["binary", [null, { raw_body: Buffer.from([0xff]) }], "the body is not JSON: it is no text"],
    ["empty", [], "the body is empty; so"],
  ])("%s", (_what, request, message) => {
    const result = runFilter({ body: { a: 1 } }, ruleRequest(...request));
    expect(result.kind === "mismatch" && result.mismatch.message).toContain(message);
  });

  test("a filter on the text itself is not told so, nor one on JSON", () => {
    for (const [clause, body] of [
      ["x", "{"],
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, 5],
    ] as [Json, Json][]) {
      expect(bodyMismatch(clause, body).message).not.toContain("JSON");
    }
  });
});
