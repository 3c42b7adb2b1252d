// One team's worst rules, and what another team notices of them: nothing to speak of.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { newId } from "#server/ids.ts";
import { createConnection } from "#server/resources/connections.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
let receiver: Receiver;
let quiet: Branch;
beforeAll(async () => {
  world = await createWorld();
  receiver = await startReceiver();
  quiet = await makeBranch(world, { to: { url: receiver.url } });
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** The same world, as another team. */
async function makeTeam(): Promise<World> {
  const teamId = newId("team");
  await world.pool.query("insert into team (id, name) values ($1, $1)", [teamId]);
  const ctx = { ...world.ctx, teamId };
  return { ...world, ctx, connect: (input) => createConnection(ctx, { rules: [], ...input }) };
}

const SENT = 60;
const GAP_MS = 25;
/** What the machine itself may add to the median, to one event, and to one turn of the event loop. */
const MEDIAN_ALLOWANCE_MS = 250;
const MAX_LATENCY_MS = 5_000;
const MAX_TURN_MS = 1_000;

/** How long events of the branch take from sending to receipt at a receiver to which nothing else goes. */
async function latenciesMs(branch: Branch, at: Receiver = receiver): Promise<{ median: number; max: number }> {
  const sentAtMs = new Map<string, number>();
  const before = at.receipts.length;
  for (let n = 0; n < SENT; n++) {
    const atMs = Date.now();
    sentAtMs.set(await branch.send({ n }), atMs);
    await sleep(GAP_MS);
  }
  const receipts = (await at.received(before + SENT, 30_000)).slice(before);
  const latencies = receipts.map(
    ({ headers, atMs }) => atMs - (sentAtMs.get(String(headers["x-switchyard-request-id"])) ?? 0),
  );
  latencies.sort((a, b) => a - b);
  return { median: latencies[SENT / 2] ?? 0, max: latencies[SENT - 1] ?? 0 };
}

type Rules = Parameters<typeof makeBranch>[1]["rules"];

/** A team's branches on one source, each with these rules. */
async function makeBranches(team: World, count: number, rules: Rules): Promise<Branch> {
  const first = await makeBranch(team, { rules });
  for (let n = 1; n < count; n++) await makeBranch(team, { from: first, into: first.destinationId, rules });
  return first;
}

/** How the team's branches were ignored, when there are so many. */
const ignored = (team: World, count: number) =>
  eventually(
    () =>
      world.all<{ cause: string; n: number }>(
        "select cause, count(*)::int as n from ignored_event where team_id = $1 group by cause order by cause",
        [team.ctx.teamId],
      ),
    (rows) => rows.reduce((sum, { n }) => sum + n, 0) >= count,
    50_000,
  );

async function expectUnnoticed(makeNoise: () => Promise<void>): Promise<void> {
  const before = await latenciesMs(quiet);
  const turns = monitorEventLoopDelay({ resolution: 5 });
  turns.enable();
  await makeNoise();
  const beside = await latenciesMs(quiet);
  turns.disable();
  expect(beside.median).toBeLessThan(2 * before.median + MEDIAN_ALLOWANCE_MS);
  expect(beside.max).toBeLessThan(MAX_LATENCY_MS);
  // The thread of the lanes and the heartbeat, which is the door's and the receiver's too in this test.
  expect(turns.max / 1e6).toBeLessThan(MAX_TURN_MS);
}

describe("another team's events are as fast as ever beside", () => {
  test("many cheap requests whose filters together are not", async () => {
    const team = await makeTeam();
    const $or = Array.from({ length: 300 }, (_, n) => ({ items: { n } }));
    const branch = await makeBranches(team, 10, [{ type: "filter", body: { $or } }]);
    const items = Array.from({ length: 100 }, (_, n) => ({ n: n + 1_000 }));
    await expectUnnoticed(async () => {
      await Promise.all(Array.from({ length: 60 }, (_, n) => branch.send({ n, items })));
    });
    expect(await ignored(team, 600)).toEqual([{ cause: "FILTERED", n: 600 }]);
  });

  test("filters of many alternatives over large bodies", async () => {
    const team = await makeTeam();
    const $or = Array.from({ length: 40 }, (_, n) => ({ items: { name: { $regex: `^(a|b)*${n}$` } } }));
    const branch = await makeBranches(team, 30, [{ type: "filter", body: { $or } }]);
    const items = Array.from({ length: 12_000 }, (_, n) => ({ name: `ab${"ab".repeat(10)}`, n }));
    await expectUnnoticed(async () => {
      for (let n = 0; n < 3; n++) await branch.send({ n, items });
    });
    expect(await ignored(team, 2)).toMatchObject([{ cause: "RULES_TOO_EXPENSIVE" }]);
  });

  test("deduplication with many exclusions over larger bodies", async () => {
    const team = await makeTeam();
    const exclude_fields = Array.from({ length: 50 }, (_, n) => `body.items[*].f${n}`);
    const branch = await makeBranches(team, 30, [{ type: "deduplicate", window: 60_000, exclude_fields }]);
    const items = Array.from({ length: 40_000 }, (_, n) => ({ name: "abcdefgh", n }));
    await expectUnnoticed(async () => {
      for (let n = 0; n < 3; n++) await branch.send({ n, items });
    });
    expect(await ignored(team, 2)).toMatchObject([{ cause: "RULES_TOO_EXPENSIVE" }]);
  });

  test("transforms that never end, and its own transforms too", async () => {
    const team = await makeTeam();
    const endless = await createTransformation(team.ctx, { name: "endless", code: "for (;;);" });
    const branch = await makeBranches(team, 20, [{ type: "transform", transformation_id: endless.id }]);
    const quick = await createTransformation(world.ctx, {
      name: "quick",
      code: "request.body.seen = 1; return request;",
    });
    await expectUnnoticed(async () => {
      for (let n = 0; n < 4; n++) await branch.send({ n });
    });
    const rules = [{ type: "transform", transformation_id: quick.id } as const];
    await using transformed = await startReceiver();
    const transforming = await makeBranch(world, { to: { url: transformed.url }, rules });
    // A thread has to start for it, behind all that the machine does: it takes seconds where that is much, and is nobody's turn.
    await transforming.send({});
    await transformed.received(1, 30_000);
    // Both go by the same machine at the same time, and one of them by no thread that the endless ones hold.
    const [beside, own] = await Promise.all([latenciesMs(quiet), latenciesMs(transforming, transformed)]);
    expect(own.median).toBeLessThan(2 * beside.median + MEDIAN_ALLOWANCE_MS);
    expect(own.max).toBeLessThan(beside.max + MAX_LATENCY_MS);
    // The endless ones are still at it: eighty take more than a minute.
    const [left] = await world.all<{ n: number }>("select count(*)::int as n from deferred_branch");
    expect(left?.n).toBeGreaterThan(0);
    expect(await ignored(team, 3)).toMatchObject([{ cause: "TRANSFORMATION_FAILED" }]);
  });
});

test("a large body that many branches read goes to a thread once and not for each of them", async () => {
  const team = await makeTeam();
  const branch = await makeBranches(team, 20, [{ type: "filter", body: { kind: "another" } }]);
  const post = vi.spyOn(Worker.prototype, "postMessage");
  await branch.send({ kind: "one", filler: "x".repeat(100_000) });
  expect(await ignored(team, 20)).toEqual([{ cause: "FILTERED", n: 20 }]);
  const batches = post.mock.calls.map(([batch]) => batch).filter(({ teamId }) => teamId === team.ctx.teamId);
  post.mockRestore();
  expect(batches.flatMap(({ jobs }) => jobs)).toHaveLength(20);
  expect(batches.map(({ requests }) => requests.length)).toEqual(batches.map(() => 1));
  expect(batches.length).toBeLessThan(10);
});
