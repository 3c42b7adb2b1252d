// A draft of a transformation on requests that are stored: it fails on those that it would fail on, and nothing is left of it.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { DryRunTransformation } from "#server/contracts/transformation-dry-run.ts";
import { CallerGone } from "#server/errors/app-error.ts";
import { newId } from "#server/ids.ts";
import { dryRunTransformation } from "#server/resources/transformation-dry-run.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const AT_LEISURE = { ms: 60_000, bytes: 1e9 };
const startedAt = Date.now() - 60_000;
let stored = 0;
let made = 0;
const make = (code: string) =>
  createTransformation(world.ctx, { name: `t-${++made}`, code, env: { TOKEN: "secret-token-1" } });
const uses = (id: string) => makeBranch(world, { rules: [{ type: "transform", transformation_id: id }] });
const run = (id: string, rest: object = {}, ctx: Ctx = world.ctx, limits = AT_LEISURE) =>
  dryRunTransformation(ctx, DryRunTransformation.parse({ id, ...rest }), limits);

async function store({ sourceId }: Branch, bodies: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const body of bodies) {
    // Each a little later than the one before.
    const id = newId("request", startedAt + ++stored);
    ids.push(id);
    await world.all(
      `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, content_type, body_bytes, remote_ip, created_at, event_type)
       values ($1, $2, $3, 'accepted', true, 'POST', '/', '', '[]', convert_to($4, 'utf8'), 'application/json', octet_length($4), '127.0.0.1', now(), 'order.paid')`,
      [world.ctx.teamId, id, sourceId, body],
    );
  }
  return ids;
}

test("a draft is tried beside the code that runs, on the newest requests of every source that uses it", async () => {
  const { id } = await make("return request;");
  const [one, two, other] = [await uses(id), await uses(id), await makeBranch(world, { rules: [] })];
  await store(one, ['{"a":1}', '{"a":2}']);
  const [bad] = await store(two, ['{"b":1}']);
  await store(other, ["{}"]);
  const code = "if (!request.body.a)\n  throw new Error(context.env.TOKEN + ' has no a');\nreturn request;";
  const result = await run(id, { code });
  expect(result).toMatchObject({
    version: 1,
    requests: 3,
    present: { returned: 3, failed: 0 },
    draft: { returned: 2, failed: 1 },
    failures: [{ request_id: bad, event_type: "order.paid", error: { kind: "threw", line: 2 } }],
    stopped_by: null,
    too_large: 0,
  });
  expect(JSON.stringify(result)).not.toContain("secret-token-1");
  expect(await run(id)).toMatchObject({ present: { failed: 0 }, draft: { failed: 0 }, failures: [] });
  expect(await run(id, { limit: 1, code })).toMatchObject({ requests: 1, draft: { failed: 1 } });
  expect(await world.all("select id from ignored_event")).toEqual([]);
});

test("code that no connection uses is tried on nothing", async () => {
  const { id } = await make("return request;");
  expect(await run(id)).toMatchObject({ requests: 0, draft: { returned: 0, failed: 0 } });
});

test("one that never ends answers after its time, and one whose caller goes is dropped", async () => {
  const { id } = await make("return request;");
  await store(await uses(id), Array(20).fill("{}"));
  const endless = { code: "while (true) {}" };
  const result = await run(id, endless, world.ctx, { ms: 1_500, bytes: 1e6 });
  expect(result.stopped_by).toBe("time");
  expect(result.requests).toBeLessThan(5);
  const gone = new AbortController();
  const left = run(id, endless, { ...world.ctx, signal: gone.signal });
  gone.abort(new CallerGone());
  await expect(left).rejects.toThrow(CallerGone);
});

test("large bodies are left out, and what lies behind the bytes that one run reads", async () => {
  const { id } = await make("return request;");
  const branch = await uses(id);
  await store(branch, [JSON.stringify("x".repeat(1024 * 1024)), ...Array(10).fill(JSON.stringify("x".repeat(998)))]);
  expect(await run(id, {}, world.ctx, { ms: 60_000, bytes: 5_000 })).toMatchObject({
    requests: 5,
    too_large: 1,
    stopped_by: "size",
  });
});

test("a draft is for those who may change the code, a run of the code for those who may run it", async () => {
  const { id } = await make("return request;");
  const runner: Ctx = { ...world.ctx, can: new Set(["transformation.run"]) };
  await expect(run(id, { code: "return 1" }, runner)).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringContaining("transformation.write"),
  });
  expect(await run(id, {}, runner)).toMatchObject({ requests: 0 });
  await expect(run("trs_nope")).rejects.toMatchObject({ code: "NOT_FOUND" });
});
