// One dry run takes no more than its share: of time, of memory, and nothing at all once its caller has gone.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Rules } from "#server/contracts/rule.ts";
import { CallerGone } from "#server/errors/app-error.ts";
import { newId } from "#server/ids.ts";
import { makeBranch } from "#test/support/branch.ts";
import { AT_LEISURE, dryRun, makeTransform } from "#test/support/dry-run.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const insert = (sourceId: string, count: number, body: string) =>
  world.all(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, content_type, body_bytes, remote_ip, created_at)
     select $1, $2 || lpad(i::text, 4, '0'), $3, 'accepted', true, 'POST', '/', '', '[]', convert_to($4, 'utf8'), 'application/json',
       octet_length($4), '127.0.0.1', now() from generate_series(1, $5) i`,
    [world.ctx.teamId, newId("request").slice(0, -4), sourceId, body, count],
  );

test("a thousand requests with a transform on both sides are judged in one call", async () => {
  const code = "request.body.total = request.body.items.length; return request;";
  const before = await makeTransform(world, code);
  const after = await makeTransform(world, `${code} // new`);
  const branch = await makeBranch(world, { rules: [{ type: "transform", transformation_id: before }] });
  const items = Array.from({ length: 40 }, (_, i) => ({ sku: `sku-${i}`, price: i * 100 }));
  await insert(branch.sourceId, 1_000, JSON.stringify({ items }));
  const draft: Rules = [
    { type: "transform", transformation_id: after },
    { type: "filter", body: { total: { $gte: 41 } } },
  ];
  const result = await dryRun(world.ctx, branch, draft, {}, AT_LEISURE);
  expect(result).toMatchObject({ requests: 1_000, stopped_by: null, newly_filtered: { count: 1_000 } });
  expect(result.newly_filtered.examples).toHaveLength(20);
});

test("a body over 1 MiB is left out, and so is what lies behind the bytes that one run reads", async () => {
  const branch = await makeBranch(world, { rules: [] });
  await insert(branch.sourceId, 1, JSON.stringify({ text: "x".repeat(1024 * 1024) }));
  await insert(branch.sourceId, 10, JSON.stringify({ text: "x".repeat(1000) }));
  const result = await dryRun(
    world.ctx,
    branch,
    [{ type: "filter", body: { text: "y" } }],
    {},
    { ms: 8_000, bytes: 5_000 },
  );
  expect(result).toMatchObject({ requests: 4, too_large: 1, stopped_by: "size" });
});

test("one whose rules never end answers after its time with the newest requests", async () => {
  const endless = await makeTransform(world, "while (true) {}");
  const branch = await makeBranch(world, { rules: [] });
  await insert(branch.sourceId, 30, "{}");
  const result = await dryRun(
    world.ctx,
    branch,
    [{ type: "transform", transformation_id: endless }],
    {},
    { ms: 1_500, bytes: 1e6 },
  );
  expect(result.stopped_by).toBe("time");
  expect(result.requests).toBeGreaterThan(0);
  expect(result.requests).toBeLessThan(5);
});

test("one whose caller has gone ends, and its jobs never run", async () => {
  const endless = await makeTransform(world, "while (true) {}");
  const branch = await makeBranch(world, { rules: [] });
  await insert(branch.sourceId, 30, "{}");
  const gone = new AbortController();
  const abandoned = dryRun(
    { ...world.ctx, signal: gone.signal },
    branch,
    [{ type: "transform", transformation_id: endless }],
    {},
  );
  await Promise.race([abandoned.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 300))]);
  gone.abort(new CallerGone());
  await expect(abandoned).rejects.toBeInstanceOf(CallerGone);
  const startedAt = performance.now();
  const next = await world.ctx.app.sandbox.run({
    teamId: world.ctx.teamId,
    code: "return request;",
    env: {},
    request: { headers: {}, query: {}, path: "/", method: "POST" },
  });
  expect(next.kind).toBe("returned");
  // Each of the other 29 would have taken a second.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
