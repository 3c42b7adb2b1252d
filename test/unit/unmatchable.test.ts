import { describe, expect, test } from "vitest";
import type { FilterRule } from "#server/contracts/rule.ts";
import { filterDoubts } from "#server/rules/unmatchable.ts";

const doubts = (parts: Omit<FilterRule, "type">) => filterDoubts({ type: "filter", ...parts });

describe("a filter that cannot match is told with the right spelling:", () => {
  test.each<[Omit<FilterRule, "type">, string, string]>([
    [{ body: { "data.type": "x" } }, 'body["data.type"]', '{"data":{"type":"x"}}'],
    [{ body: { a: { "b.c.d": { $gt: 1 } } } }, 'body.a["b.c.d"]', '{"b":{"c":{"d":{"$gt":1}}}}'],
    [{ body: { a: { $exist: false, $eq: "x" } } }, "body.a", '{"$or": [{"$exist": false}, {"$eq":"x"}]}'],
    [{ body: { a: { $exist: false, b: 1 } } }, "body.a", '{"$or": [{"$exist": false}, {"b":1}]}'],
    [{ body: { tags: [{ $eq: 3 }] } }, "body.tags", '{"$eq": …}'],
    [{ body: { a: { $in: [1, { $gt: 3 }] } } }, "body.a.$in", '{"$gt": …}'],
    [{ body: { a: { $eq: { b: { $gt: 1 } } } } }, "body.a.$eq", '{"$gt": …}'],
    [{ body: { a: "/a/i" } }, "body.a", '{"$regex":"(?i)a"}'],
    [{ body: { $or: [{ a: { $eq: "/^a.b$/" } }] } }, "body.a.$eq", '{"$regex":"^a.b$"}'],
    [{ body: { a: { $regex: "/a/g" } } }, "body.a.$regex", '{"$regex":"a"}'],
    [{ body: "/a/" }, "body", '{"$regex":"a"}'],
    [{ body: { a: { $gt: 5, $lt: 3 } } }, "body.a", "correct the bounds"],
    [{ body: { a: { $gte: 5, $lt: 5 } } }, "body.a", "correct the bounds"],
    [{ body: { $not: { a: { $in: [] } } } }, "body.a", "list the values"],
    [{ headers: { "x-count": 5 } }, "headers.x-count", 'write "5"'],
    [{ query: { page: { $eq: 1 } } }, "query.page.$eq", 'write "1"'],
    [{ query: { debug: true } }, "query.debug", 'write "true"'],
    [{ path: { segment: "x" } }, "path.segment", "one text"],
  ])("%j", (parts, path, remedy) => {
    const [doubt, ...others] = doubts(parts);
    expect(doubt?.path).toBe(path);
    expect(doubt?.message).toContain(remedy);
    expect(others).toEqual([]);
  });

  test.each<[Omit<FilterRule, "type">]>([
    [{ body: { data: { type: "x" }, list: ["a", { b: 1 }], n: { $gte: 5, $lte: 5 } } }],
    [{ body: { $or: [{ a: { $exist: false } }, { a: "x" }], b: { $neq: { $ref: "body.c" } }, c: { $exist: false } } }],
    [{ headers: { "x-a.b": "c", "x-n": { $gt: 5 }, "x-e": { $exist: true } }, query: { n: { $lte: 3 } } }],
    [{ path: "/a/i" }],
    [{ path: { $startsWith: "/hooks/" }, event_type: "/a/" }],
    [{ body: { url: "/a", other: "a/b/c", date: "2026/05/29" } }],
    [{ body: { tags: { $in: [3] }, $not: { a: 1 } } }],
  ])("%j is not doubted", (parts) => {
    expect(doubts(parts)).toEqual([]);
  });

  test("at most twenty are told", () => {
    const body = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`a.${at}`, 1]));
    expect(doubts({ body })).toHaveLength(20);
  });
});
