// What rules read of a body, and when its absence is said to be a change of shape.
import { describe, expect, test } from "vitest";
import type { Rule } from "#server/contracts/rule.ts";
import { hasPath, judgeDrift, type Shapes } from "#server/issues/payload-drift.ts";
import { pathsReadBy, withinPaths } from "#server/issues/read-paths.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const pathsOf = (rules: Rule[], code = "") =>
  pathsReadBy(rules, () => code).map(({ keys, readBy }) => `${readBy}: ${keys.join(".")}`);

describe("the paths that rules read", () => {
  test.each<[string, Rule, string[]]>([
    [
      "a filter's values",
      { type: "filter", body: { data: { kind: "x", total: { $gt: 5 } } } },
      ["data.kind", "data.total"],
    ],
    ["a filter's alternatives not", { type: "filter", body: { $or: [{ a: 1 }, { b: 1 }], c: 1 } }, ["c"]],
    ["what may be missing not", { type: "filter", body: { a: { $exist: false }, b: 1 } }, ["b"]],
    [
      "the fields of a deduplication",
      { type: "deduplicate", window: 1_000, include_fields: ["body.id", "headers.x", "body.items[*].sku"] },
      ["id"],
    ],
  ])("are %s", (_what, rule, paths) => {
    expect(pathsOf([rule])).toEqual(paths.map((path) => `${rule.type}: ${path}`));
  });

  test("of a transformation are those that its code names, without methods and without what it sets", () => {
    const code = `request.body.total = request.body.amount.net; const id = request?.body?.order?.id;
      request.body.items.map((x) => x); if (request.body.state === "x") return request;`;
    const transform: Rule = { type: "transform", transformation_id: "trs_x" };
    const read = ["amount.net", "order.id", "items", "state"].map((path) => `transform: ${path}`);
    expect(pathsOf([transform], code)).toEqual(read);
    // The filter after it sees another body.
    expect(pathsOf([transform, { type: "filter", body: { a: 1 } }], code)).toEqual(read);
  });
});

test("a path stands in a body also where an element of a list has it, and nothing inherited counts", () => {
  expect(hasPath({ a: [{ b: 1 }, { c: null }] }, ["a", "c"])).toBe(true);
  expect(hasPath({ a: 1 }, ["a", "b"])).toBe(false);
  expect(hasPath({}, ["constructor"])).toBe(false);
});

test("a path within what is masked counts as there: masking is no change of shape", () => {
  expect(hasPath({ user: "***" }, ["user", "id"])).toBe(true);
  expect(hasPath({ users: ["***"], user: "Ada" }, ["user", "id"])).toBe(false);
});

test("a path is looked for in the first elements of a list, however long it is and however deep lists nest", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(8_000)}${"]".repeat(8_000)}`);
  expect(hasPath(deep, ["a"])).toBe(false);
  expect(hasPath([...Array(19).fill({}), { a: 1 }], ["a"])).toBe(true);
  expect(hasPath([...Array(5_000).fill({}), { a: 1 }], ["a"])).toBe(false);
});

test("a team's connections are looked at while they read so many paths together", () => {
  const paths = pathsReadBy([{ type: "filter", body: { a: 1, b: 2 } }], () => undefined);
  const readers = [{ id: "none", paths: [] }, ...["first", "second", "third"].map((id) => ({ id, paths }))];
  expect(withinPaths(readers, 5).map(({ id }) => id)).toEqual(["first", "second"]);
});

describe("a payload", () => {
  const paths = pathsReadBy([{ type: "filter", body: { total: { $gt: 5 } } }], () => undefined);
  const bodies = (having: number, lacking: number) => [...Array(having).fill({ total: 9 }), ...Array(lacking).fill({})];
  const judge = (before: unknown[], now: unknown[], isOpen = false) => {
    const shapes: Shapes[] = [{ eventType: "orders/updated", before, now }];
    return judgeDrift(paths, shapes, isOpen, NOW);
  };

  test.each<[string, unknown[], unknown[], string]>([
    ["half of the newest lack what all had", bodies(20, 0), bodies(5, 5), "happening"],
    ["most of the newest still have it", bodies(20, 0), bodies(6, 4), "unclear"],
    ["it was often missing before", bodies(18, 2), bodies(0, 20), "unclear"],
    ["few came lately", bodies(20, 0), bodies(0, 9), "unclear"],
    ["few came before", bodies(9, 0), bodies(0, 20), "unclear"],
  ])("where %s: %s", (_so, before, now, kind) => expect(judge(before, now).kind).toBe(kind));

  test("is named with its paths and shares, and nothing of what stood there", () => {
    expect(judge(bodies(20, 0), bodies(2, 18))).toMatchObject({
      needsPerson: false,
      evidence: {
        event_type: "orders/updated",
        paths: [{ path: "body.total", before: 1, now: 0.1, read_by: "filter" }],
        requests_now: 20,
        requests_before: 20,
      },
    });
  });

  test("is as before again, or is usual by now", () => {
    expect(judge(bodies(20, 0), bodies(20, 0), true).kind).toBe("over");
    expect(judge(bodies(10, 10), bodies(0, 20), true).kind).toBe("over");
    expect(judge(bodies(20, 0), [], true).kind).toBe("unclear");
  });
});
