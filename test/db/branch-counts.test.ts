// How many events of a branch are in line, held and failed: at every moment as many as there are rows, whatever moves them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RetryEvents } from "#server/contracts/bulk.ts";
import { correctBranchCounts, destinationsInLine, foldBranchCounts } from "#server/events/branch-counts.sql.ts";
import { retryEvents } from "#server/resources/bulk.ts";
import { deleteConnection, pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { cancelEvent, retryEvent } from "#server/resources/events.ts";
import { retryRequest } from "#server/resources/requests.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { countedOf, findMiscounted } from "#test/support/branch-counts.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const NONE = { queued_count: 0, scheduled_count: 0, retrying_count: 0, hold_count: 0, failed_count: 0 };
const RETRY = { type: "retry", strategy: "linear", interval: 50, count: 2 } as const;
/** Opens at once and soon tries again, so that its holds and releases take part. */
const BREAKER = {
  consecutive_failures: 3,
  failure_share: null,
  probe_min_ms: 1_000,
  probe_max_ms: 1_000,
  good_probes: 1,
  ramp_ms: 0,
};

let world: World;
let broken: Receiver;
beforeAll(async () => {
  world = await createWorld();
  broken = await startReceiver({ status: 500 });
});
afterAll(async () => {
  await broken[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const counted = (branch: Branch, expected: Partial<typeof NONE>) =>
  eventually(
    () => countedOf(world.pool, branch.id),
    (counts) => JSON.stringify(counts) === JSON.stringify({ ...NONE, ...expected }),
  );

const unfinished = async (...branches: Branch[]) =>
  (await Promise.all(branches.map(({ id }) => world.events(id))))
    .flat()
    .filter(({ status }) => !["DELIVERED", "FAILED", "CANCELLED"].includes(status));

describe("the counters of a branch", () => {
  test("follow its events through retries to the dead letters, back and to their end", async () => {
    const branch = await makeBranch(world, { to: { url: broken.url }, rules: [RETRY] });
    for (let n = 0; n < 3; n++) await branch.send({ n });
    await counted(branch, { failed_count: 3 });
    await pauseConnection(world.ctx, { id: branch.id });
    await world.worker.config.upToDate();
    const [first, second, third] = (await world.events(branch.id)).map(({ id }) => id);
    await retryEvent(world.ctx, { id: first ?? "" });
    await retryEvent(world.ctx, { id: second ?? "" });
    await counted(branch, { failed_count: 1, hold_count: 2 });
    await cancelEvent(world.ctx, { id: first ?? "" });
    await unpauseConnection(world.ctx, { id: branch.id });
    await counted(branch, { failed_count: 2 });
    expect(third).toBeDefined();
    expect(await findMiscounted(world.pool)).toEqual([]);
  });

  test("know what waits for a retry and for its time, and lose it with the connection", async () => {
    const branch = await makeBranch(world, { to: { url: broken.url }, rules: [{ ...RETRY, interval: 3_600_000 }] });
    await branch.send({});
    await counted(branch, { retrying_count: 1 });
    const later = await makeBranch(world, { into: branch.destinationId, rules: [{ type: "delay", delay: 3_600_000 }] });
    await later.send({});
    await counted(later, { scheduled_count: 1 });
    await deleteConnection(world.ctx, { id: later.id });
    await counted(later, {});
    expect(await findMiscounted(world.pool)).toEqual([]);
    // As rows that were deleted leave them until they are corrected.
    await world.all(
      `insert into branch_count_delta (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count)
       select team_id, source_id, id, destination_id, -1, 0, 0, 0, 0 from connection where id = $1`,
      [branch.id],
    );
    expect(await destinationsInLine(world.pool, branch.id)).toEqual([branch.destinationId]);
    expect(await correctBranchCounts(world.pool)).toMatchObject([{ connection_id: branch.id, queued_count: 1 }]);
  });

  test("equal the rows at each look, while every kind of move runs against every other and the counts are added up", async () => {
    await using flaky = await startReceiver((_, index) => ({ status: index % 3 === 0 ? 200 : 500 }));
    const branch = await makeBranch(world, {
      to: { url: flaky.url, concurrency: 5, breaker: BREAKER },
      rules: [RETRY],
    });
    const held = await makeBranch(world, {
      from: branch,
      into: branch.destinationId,
      rules: [{ type: "delay", delay: 100 }, RETRY],
    });
    let isOver = false;
    const looks: unknown[][] = [];
    const looking = (async () => {
      while (!isOver) {
        looks.push(await findMiscounted(world.pool));
        await foldBranchCounts(world.pool);
      }
    })();
    const sends = Array.from({ length: 60 }, (_, n) => branch.send({ n }));
    const requestIds = await Promise.all(sends);
    const moves = async (of: Branch, round: number) => {
      await pauseConnection(world.ctx, { id: of.id });
      const events = await world.events(of.id);
      const some = events.filter((_, n) => n % 5 === round);
      await Promise.allSettled([
        ...some.map(({ id }, n) => (n % 2 === 0 ? cancelEvent : retryEvent)(world.ctx, { id })),
        ...requestIds.filter((_, n) => n % 10 === round).map((id) => retryRequest(world.ctx, { id })),
        retryEvents(world.ctx, RetryEvents.parse({ connection_id: of.id, from: "now-1h" })),
      ]);
      await unpauseConnection(world.ctx, { id: of.id });
    };
    for (let round = 0; round < 5; round++) await Promise.all([moves(branch, round), moves(held, round)]);
    await eventually(
      () => unfinished(branch, held),
      (left) => left.length === 0,
      40_000,
    ).finally(() => {
      isOver = true;
    });
    await looking;
    expect(looks.length).toBeGreaterThan(20);
    expect(looks.flat()).toEqual([]);
    expect(await findMiscounted(world.pool)).toEqual([]);
  });

  test("are put right after rows were deleted, and nothing is kept of a branch that is empty", async () => {
    const branch = await makeBranch(world, { to: { url: broken.url }, rules: [{ ...RETRY, count: 0 }] });
    await branch.send({});
    await counted(branch, { failed_count: 1 });
    await world.all("delete from event where connection_id = $1", [branch.id]);
    expect(await findMiscounted(world.pool)).toHaveLength(1);
    expect(await correctBranchCounts(world.pool)).toMatchObject([{ connection_id: branch.id, failed_count: -1 }]);
    expect(await findMiscounted(world.pool)).toEqual([]);
    expect(await correctBranchCounts(world.pool)).toEqual([]);
    expect(await world.all("select from branch_count where connection_id = $1", [branch.id])).toEqual([]);
  });
});
