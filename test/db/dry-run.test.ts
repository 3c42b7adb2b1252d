// A dry run says what routing really does, for drafted rules beside the present ones, and leaves no trace.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { SCOPES } from "#server/auth/roles.ts";
import { type DryRun, DryRunSource } from "#server/contracts/dry-run.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { dryRunSource } from "#server/resources/dry-run.ts";
import { listSamples } from "#server/resources/samples.ts";
import { type Branch, makeBranch, makeProducer } from "#test/support/branch.ts";
import { AT_LEISURE, dryRun, makeTransform } from "#test/support/dry-run.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const run = (branch: { id: string }, rules?: Rules, rest?: object, limits?: typeof AT_LEISURE) =>
  dryRun(world.ctx, branch, rules, rest, limits);

const LETTERS: Record<string, string> = { FILTERED: "f", DEDUPLICATED: "u", TRANSFORMATION_FAILED: "e" };

/** What routing made of each request of the branch, in the letters of a dry run. */
async function routed(branch: Branch, requests: number): Promise<string> {
  const rows = async () => [
    ...(await world.events(branch.id)).map(({ request_id }) => ({ request_id, letter: "d" })),
    ...(await world.ignored(branch.id)).map(({ request_id, cause }) => ({ request_id, letter: LETTERS[cause] ?? "?" })),
  ];
  const all = await eventually(rows, ({ length }) => length === requests);
  all.sort((a, b) => (a.request_id < b.request_id ? -1 : 1));
  return all.map(({ letter }) => letter).join("");
}

const FILTERS: Rules[] = [
  [{ type: "filter", body: { n: { $gte: 3 } } }],
  [{ type: "filter", headers: { "x-kind": { $in: ["a", "b"] } }, query: { page: "1" } }],
  [{ type: "filter", event_type: "kind.a*" }],
  [{ type: "filter", body: { $or: [{ items: { sku: "s2" } }, { n: { $not: { $lt: 5 } } }] } }],
];
const DEDUPLICATES: Rules[] = [
  [{ type: "deduplicate", window: 60_000 }],
  [{ type: "deduplicate", window: 3_600_000, include_fields: ["body.n", "headers.x-kind"] }],
  [{ type: "deduplicate", window: 60_000, exclude_fields: ["body.sent", "query"] }],
  [{ type: "deduplicate", window: 60_000, include_fields: ["body.missing"] }],
];

test("its verdicts are those of routing, for every request and kind of rule, with nothing written", async () => {
  const keeping = await makeTransform(
    world,
    'if (request.body.n === 4) throw new Error("four"); request.body.n += 1; delete request.body.items; return request;',
  );
  const transform: Rules = [{ type: "transform", transformation_id: keeping }];
  const first = await makeBranch(world, { rules: [] });
  const rulesets: Rules[] = [
    ...FILTERS,
    ...DEDUPLICATES,
    transform,
    ...FILTERS.slice(0, 2).map((filter, i) => [...(DEDUPLICATES[i] ?? []), ...transform, ...filter]),
    [...(DEDUPLICATES[1] ?? []), ...(FILTERS[3] ?? []), { type: "delay", delay: 60_000 }],
  ];
  const branches = [first];
  for (const rules of rulesets)
    branches.push(await makeBranch(world, { from: first, into: first.destinationId, rules }));
  const REQUESTS = 24;
  const count = async () =>
    Number(
      (
        await world.all<{ n: string }>(
          "select (select count(*) from event where source_id = $1) + (select count(*) from ignored_event where source_id = $1) n",
          [first.sourceId],
        )
      )[0]?.n,
    );
  // A fixed run of numbers: bodies, headers and queries meet and repeat.
  for (let i = 0; i < REQUESTS; i += 1) {
    const n = (i * 7) % 6;
    const body = { type: `kind.${"abc"[i % 3]}`, n, items: [{ sku: `s${i % 4}` }], sent: i % 5 };
    await first.send(body, { "x-kind": "abc"[(i * 5) % 3] ?? "" }, `?page=${i % 2}`);
    // Of requests that are routed at once a later one may take a key first.
    await eventually(count, (n) => n === (i + 1) * branches.length);
  }
  const expected = await Promise.all(branches.map((branch) => routed(branch, REQUESTS)));
  const traces = () =>
    world.all(`select (select count(*) from event) e, (select count(*) from ignored_event) i, (select count(*) from dedupe_key) k,
      (select count(*) from hand_off) h, (select count(*) from deferred_branch) d, (select count(*) from audit_entry) a,
      (select sum(event_count + ignored_count) from rollup_minute) r`);
  const before = await traces();
  for (const [index, branch] of branches.entries()) {
    const own = await run(branch, undefined, {}, AT_LEISURE);
    expect(own.cells, JSON.stringify(rulesets[index - 1])).toEqual({
      present: expected[index],
      draft: expected[index],
    });
    // The same rules as a draft of the connection without rules.
    const drafted = await run(first, rulesets[index - 1] ?? [], {}, AT_LEISURE);
    expect(drafted.cells).toEqual({ present: expected[0], draft: expected[index] });
    expect(drafted.requests).toBe(REQUESTS);
  }
  const unsaved = await dryRunSource(world.ctx, DryRunSource.parse({ source_id: first.sourceId, rules: rulesets[0] }));
  expect(unsaved.cells.draft).toBe(expected[1]);
  expect(await traces()).toEqual(before);
  // Every letter was there to be compared.
  expect([...new Set(expected.join(""))].sort().join("")).toBe("defu");
});

describe("what changes", () => {
  let branch: Branch;
  beforeAll(async () => {
    branch = await makeBranch(world, { rules: [{ type: "filter", body: { amount: { $gte: 100 } } }] });
    for (const amount of [50, 100, 900, 900]) await branch.send({ type: "paid", amount });
    await routed(branch, 4);
  });

  test("is counted by outcome, with the failed clause, what it expected and what it got", async () => {
    const result = await run(branch, [{ type: "filter", body: { amount: { $gte: 500 } } }]);
    expect(result.present).toEqual({ delivered: 3, filtered: 1, duplicate: 0, failed: 0 });
    expect(result.draft).toEqual({ delivered: 2, filtered: 2, duplicate: 0, failed: 0 });
    expect(result.newly_filtered).toMatchObject({
      count: 1,
      examples: [
        {
          event_type: "paid",
          present: "delivered",
          draft: "filtered",
          reason: { path: "body.amount", operator: "$gte", expected: 500, actual: 100 },
        },
      ],
    });
    expect(result.newly_delivered.count).toBe(0);
    expect(result.cells).toEqual({ present: "fddd", draft: "ffdd" });
  });

  test("tells why the present rules do not deliver what the draft does", async () => {
    const result = await run(branch, []);
    expect(result.newly_delivered).toMatchObject({
      count: 1,
      examples: [{ present: "filtered", draft: "delivered", reason: { expected: 100, actual: 50 } }],
    });
  });

  test("tells a duplicate of the draft and how soon it came, and a transform that fails", async () => {
    const deduplicated = await run(branch, [{ type: "deduplicate", window: 60_000, include_fields: ["body.amount"] }]);
    expect(deduplicated.newly_duplicate.count).toBe(1);
    expect(deduplicated.repeats.reduce((sum, { count }) => sum + count, 0)).toBe(1);
    const throwing = await makeTransform(world, 'throw new Error("no such order");');
    const failing = await run(branch, [{ type: "transform", transformation_id: throwing }]);
    expect(failing.newly_failing.count).toBe(4);
    expect(failing.newly_failing.examples[0]?.reason?.message).toContain("no such order");
  });

  test("tells beforehand what a save would warn of", async () => {
    const transformation_id = await makeTransform(world, "delete request.body.amount; return request;");
    const draft: Rules = [
      { type: "transform", transformation_id },
      { type: "filter", body: { amount: { $gte: 1 } } },
    ];
    const { warnings } = await run(branch, draft);
    expect(warnings).toMatchObject([{ path: "rules[1].body.amount" }]);
    expect(warnings[0]?.message).toContain("which the transform's output");
  });

  test("is judged on the newest requests only, as many as asked for", async () => {
    const result = await run(branch, undefined, { limit: 3 });
    expect(result.cells.draft).toBe("ddd");
    const window = await run(branch, undefined, { to: "2020-01-01T00:00:00Z" });
    expect(window).toMatchObject({ requests: 0, oldest_at: null, stopped_by: null });
  });

  test("keeps the digits of a number that no double holds", async () => {
    const exact = await makeBranch(world, { rules: [] });
    await exact.post('{"id": 12345678901234567890}');
    const result = await run(exact, [{ type: "filter", body: { id: 1 } }]);
    expect(String(result.newly_filtered.examples[0]?.reason?.actual)).toBe("12345678901234567890");
  });
});

describe("samples", () => {
  test("are the newest requests as rules see them, older ones after the last, without the large", async () => {
    const branch = await makeBranch(world, { rules: [] });
    for (const n of [1, 2, 3])
      await branch.send({ n, big: "x".repeat(n === 2 ? 200_000 : 1) }, { "X-Kind": "a" }, "/sub?page=1");
    const page = await listSamples(world.ctx, { id: branch.sourceId, limit: 2 });
    expect(page.has_more).toBe(true);
    expect(page.data).toMatchObject([
      { request: { body: { n: 3 }, headers: { "x-kind": "a" }, query: { page: "1" }, path: "/sub", method: "POST" } },
    ]);
    const older = await listSamples(world.ctx, { id: branch.sourceId, limit: 2, before: page.data[0]?.request_id });
    expect(older).toMatchObject({ data: [{ request: { body: { n: 1 } } }], has_more: false });
  });
});

describe("rights", () => {
  test("another team's connection, source and transformation are not there", async () => {
    const branch = await makeBranch(world, { rules: [] });
    const transformation_id = await makeTransform(world, "return request;");
    await world.ctx.app.db.team.create({ data: { id: "tm_other", name: "other" } });
    const other: Ctx = { ...world.ctx, teamId: "tm_other" };
    await expect(dryRun(other, branch, [])).rejects.toMatchObject({ code: "NOT_FOUND" });
    const onSource = (ctx: Ctx, source_id: string, rules: Rules): Promise<DryRun> =>
      dryRunSource(ctx, DryRunSource.parse({ source_id, rules }));
    await expect(onSource(other, branch.sourceId, [])).rejects.toMatchObject({ code: "NOT_FOUND" });
    const producer = await makeProducer({ ...world, ctx: other });
    await expect(onSource(other, producer.sourceId, [{ type: "transform", transformation_id }])).rejects.toMatchObject({
      code: "UNPROCESSABLE",
      issues: [{ path: "rules[0].transformation_id" }],
    });
  });

  test("who may only read may not run one", async () => {
    const branch = await makeBranch(world, { rules: [] });
    await expect(dryRun({ ...world.ctx, can: SCOPES.read }, branch, [])).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
