import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeduplicateRule } from "#server/contracts/rule.ts";
import { parseJson } from "#server/json/parse.ts";
import { isObject, type Json } from "#server/json/value.ts";
import { dedupeKey } from "#server/rules/deduplicate.ts";
import type { RuleRequest } from "#server/rules/rule-request.ts";
import { ruleRequest } from "#test/support/rule-request.ts";

type Fields = { include_fields?: string[]; exclude_fields?: string[] };
const keyOf = (asked: RuleRequest, fields: Fields = {}) =>
  dedupeKey(DeduplicateRule.parse({ type: "deduplicate", window: 1000, ...fields }), asked);
const bodyKey = (body?: Json, fields: Fields = {}) => keyOf(ruleRequest(body), fields);

describe("the whole payload", () => {
  test("is body, query and path, and neither headers nor method nor time", () => {
    const base = ruleRequest({ a: 1 }, { query: { q: "1" } });
    const key = keyOf(base);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf({ ...base, headers: { "x-signature": "1" }, method: "PUT", created_at: "2026" })).toBe(key);
    for (const other of [{ body: { a: 2 } }, { query: { q: "2" } }, { path: "/x" }]) {
      expect(keyOf({ ...base, ...other })).not.toBe(key);
    }
  });

  test("keeps types, null and missing apart", () => {
    const bodies: (Json | undefined)[] = [
      undefined,
      null,
      0,
      1,
      "1",
      "",
      true,
      "true",
      "null",
      "missing",
      [],
      {},
      [null],
      [[]],
      [1, 2],
      [12],
      ["1,2"],
      { a: null },
      { a: [] },
      { a: {} },
      { "a:1": 1 },
      { a: 1, b: 2 },
      { a: { b: 2 } },
      [{ a: 1 }, { b: 2 }],
      "\ud800",
      "\udfff",
    ];
    expect(new Set(bodies.map((body) => bodyKey(body))).size).toBe(bodies.length);
  });

  test("compares bytes where the body is binary and text where it is text", () => {
    const binary = (...bytes: number[]) => keyOf(ruleRequest(null, { raw_body: Uint8Array.from(bytes) }));
    expect(binary(0, 255)).toBe(binary(0, 255));
    expect(binary(0, 255)).not.toBe(binary(0, 254));
    expect(binary()).not.toBe(bodyKey(null));
    expect(bodyKey("a=1")).not.toBe(bodyKey("a=2"));
    expect(keyOf(ruleRequest(null, { raw_body: Uint8Array.of(1) }), { include_fields: ["body"] })).not.toBe(
      keyOf(ruleRequest(null, { raw_body: Uint8Array.of(2) }), { include_fields: ["body"] }),
    );
  });

  test("does not depend on the order of keys, at any depth", () => {
    const reverse = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(reverse);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reverse(member)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const body: Json = JSON.parse(JSON.stringify(value));
        expect(bodyKey(reverse(body))).toBe(bodyKey(body));
      }),
    );
  });

  test("keeps numbers apart that a double does not, and knows one by its value however it is written", () => {
    const key = (text: string) => bodyKey(parseJson(`{"id":${text},"ts":1}`));
    const apart = [
      "9007199254740992",
      "9007199254740993",
      "1e400",
      "1e401",
      "-1e400",
      "1e-400",
      "0",
      "0.1",
      "0.10000000000000001",
    ];
    expect(new Set(apart.map(key)).size).toBe(apart.length);
    expect(new Set(["1", "1.0", "10e-1", "0.01E2"].map(key)).size).toBe(1);
    expect(new Set(["1e400", "10E399", "0.1e+401", `1${"0".repeat(400)}.00`].map(key)).size).toBe(1);
    expect(key("8202522731445525542")).not.toBe(bodyKey({ id: "8202522731445525542", ts: 1 }));
    for (const fields of [{ include_fields: ["body.id"] }, { exclude_fields: ["body.ts"] }]) {
      const [a, b] = ["8202522731445525542", "8202522731445525543"].map((id) =>
        bodyKey(parseJson(`{"id":${id},"ts":1}`), fields),
      );
      expect(a).not.toBe(b);
    }
  });

  test("differs where the JSON differs", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [a, b]: [Json, Json] = [JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right))];
        expect(bodyKey(a) === bodyKey(b)).toBe(canonical(a) === canonical(b));
      }),
    );
  });
});

describe("include_fields", () => {
  test("looks at nothing else", () => {
    const include_fields = ["body.id", "headers.X-Topic"];
    const headers = { "x-topic": "a" };
    const key = keyOf(ruleRequest({ id: 1, n: 1 }, { headers }), { include_fields });
    expect(keyOf(ruleRequest({ id: 1, n: 2 }, { headers, path: "/x" }), { include_fields })).toBe(key);
    expect(keyOf(ruleRequest({ id: 1 }, { headers }), { include_fields: include_fields.toReversed() })).toBe(key);
    expect(keyOf(ruleRequest({ id: 2 }, { headers }), { include_fields })).not.toBe(key);
    expect(keyOf(ruleRequest({ id: 1 }, { headers: { "x-topic": "b" } }), { include_fields })).not.toBe(key);
    expect(keyOf(ruleRequest({}, { headers }), { include_fields })).not.toBe(
      keyOf(ruleRequest({ id: null }, { headers }), { include_fields }),
    );
  });

  test("[*] keeps the place of each element", () => {
    const include_fields = ["body.items[*].sku"];
    const key = (...items: Json[]) => bodyKey({ items }, { include_fields });
    expect(key({ sku: 1, n: 1 }, { sku: 2 })).toBe(key({ sku: 1 }, { sku: 2, n: 3 }));
    expect(key({ sku: 1 }, { sku: 2 })).not.toBe(key({ sku: 2 }, { sku: 1 }));
    expect(key({ sku: 1 }, {}, { sku: 2 })).not.toBe(key({ sku: 1 }, { sku: 2 }));
    const nested = (...rows: Json[]) => bodyKey({ rows }, { include_fields: ["body.rows[*][*]"] });
    expect(nested([1], [2])).not.toBe(nested([1, 2]));
  });
});

describe("a request without any of the named fields", () => {
  test("has no key", () => {
    const lacking = ruleRequest({ type: "customer.created", items: [{}, {}], none: [] });
    for (const path of [
      "body.order_id",
      "body.ordre_id",
      "body.items[*].sku",
      "body.items.0.sku",
      "body.none[*]",
      "body.type.x",
      "headers.idempotency-key",
      "query.id",
    ]) {
      expect([path, keyOf(lacking, { include_fields: [path] })]).toEqual([path, null]);
    }
    expect(keyOf(ruleRequest(), { include_fields: ["body", "body.id"] })).toBeNull();
    expect(keyOf(lacking, { exclude_fields: ["body", "query", "path"] })).toBeNull();
  });

  test("is not one that lacks some, or has null or nothing in one", () => {
    const key = (body: Json, ...include_fields: string[]) => bodyKey(body, { include_fields });
    const keys: Json[] = [
      { a: 1 },
      { a: 1, b: null },
      { a: 1, b: "" },
      { a: 1, b: [] },
      { b: 1 },
      { a: null },
      { a: "" },
    ];
    const made = keys.map((body) => key(body, "body.a", "body.b"));
    expect(made).not.toContain(null);
    expect(new Set(made).size).toBe(keys.length);
    expect(key({ a: 1, c: 1 }, "body.a", "body.b")).toBe(key({ a: 1, c: 2 }, "body.a", "body.b"));
    expect(key({ items: [{ sku: 1 }, {}] }, "body.items[*].sku")).not.toBeNull();
  });

  test("may be named by any key", () => {
    const key = (body: Json) => bodyKey(body, { include_fields: ['body["order.id"][0]'] });
    expect(key({ "order.id": [1], n: 1 })).toBe(key({ "order.id": [1], n: 2 }));
    expect(key({ "order.id": [1] })).not.toBe(key({ "order.id": [2] }));
    expect(key({ order: { id: [1] } })).toBeNull();
    const without = (body: Json) => bodyKey(body, { exclude_fields: ['body["sent.at"]', "body.list.0"] });
    expect(without({ "sent.at": 1, list: [1, 2] })).toBe(without({ "sent.at": 2, list: [3, 2] }));
  });
});

describe("exclude_fields", () => {
  test("removes members, elements and whole parts", () => {
    const without = (body: Json, ...exclude_fields: string[]) => bodyKey(body, { exclude_fields });
    expect(without({ id: 1, sent: 1 }, "body.sent")).toBe(without({ id: 1, sent: 2 }, "body.sent"));
    expect(without({ id: 1, sent: 1 }, "body.sent")).not.toBe(without({ id: 2, sent: 1 }, "body.sent"));
    expect(without({ l: [{ t: 1, a: 1 }, { t: 2 }] }, "body.l[*].t")).toBe(
      without({ l: [{ t: 3, a: 1 }, {}] }, "body.l[*].t"),
    );
    expect(without({ l: [1, 2] }, "body.l[0]")).toBe(without({ l: [9, 2] }, "body.l[0]"));
    expect(without({ l: [1, 2] }, "body.l[0]")).not.toBe(without({ l: [1, 3] }, "body.l[0]"));
    expect(without({ l: [1, 2] }, "body.l[*]")).not.toBe(without({ l: [1] }, "body.l[*]"));
    expect(without({ a: { b: 1, c: 1 } }, "body.a.b", "body.a.c")).toBe(without({ a: {} }, "body.a.b", "body.a.c"));
    expect(without({ a: 1 }, "body")).toBe(without({ a: 2 }, "body"));
    expect(keyOf(ruleRequest(1, { path: "/a", query: { t: 1, k: 1 } }), { exclude_fields: ["path", "query.t"] })).toBe(
      keyOf(ruleRequest(1, { path: "/b", query: { k: 1 } }), { exclude_fields: ["path", "query.t"] }),
    );
  });

  test("that do not occur change nothing", () => {
    expect(bodyKey({ a: 1 }, { exclude_fields: ["body.b", "body.a.c", "body[0]"] })).toBe(bodyKey({ a: 1 }));
  });
});

test("hostile payloads neither overflow the stack nor reach prototypes", () => {
  const deep = (depth: number): Json => JSON.parse(`${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`);
  expect(bodyKey(deep(50_000))).not.toBe(bodyKey(deep(49_999)));
  const proto = (value: number): Json => JSON.parse(`{"__proto__":${value}}`);
  expect(bodyKey(proto(1))).not.toBe(bodyKey(proto(2)));
  for (const body of [{}, []])
    expect(bodyKey(body, { include_fields: ["body.__proto__", "body.toString"] })).toBeNull();
});

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`)}}`;
}
