// Concurrency, rate and neighbours, measured where it counts: at the receiver.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const sendMany = (branch: Branch, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => branch.send({ n })));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("concurrency", () => {
  test("is never exceeded, is used, and follows a change", async () => {
    let onWire = 0;
    let most = 0;
    await using receiver = await startReceiver(async () => {
      onWire++;
      most = Math.max(most, onWire);
      await pause(30);
      onWire--;
      return {};
    });
    const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 3 } });
    await sendMany(branch, 40);
    await receiver.received(40);
    expect(most).toBe(3);
    await updateDestination(world.ctx, { id: branch.destinationId, config: { concurrency: 8 } });
    await world.worker.config.upToDate();
    await sendMany(branch, 60);
    await receiver.received(100);
    expect(most).toBe(8);
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.every(({ status }) => status === "DELIVERED"),
    );
    expect(receiver.receipts).toHaveLength(100);
  });
});

test("what is under way is written down while the lane has the lease, and is nothing when the lease is given back", async () => {
  const gate = Promise.withResolvers<void>();
  await using receiver = await startReceiver(() => gate.promise.then(() => ({})));
  const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 3 } });
  await sendMany(branch, 5);
  await receiver.received(3);
  const inFlight = () =>
    world.all<{ in_flight_count: number }>("select in_flight_count from lane where destination_id = $1", [
      branch.destinationId,
    ]);
  await eventually(inFlight, ([row]) => row?.in_flight_count === 3);
  gate.resolve();
  await eventually(inFlight, ([row]) => row?.in_flight_count === 0);
  expect(receiver.receipts).toHaveLength(5);
});

describe("a rate limit", () => {
  test("is exact in every rolling second for all branches to a destination, fully used, and a wait is no attempt", async () => {
    await using receiver = await startReceiver();
    const to = { url: receiver.url, rate_limit: 20, rate_limit_period: "second" } as const;
    const one = await makeBranch(world, { to });
    const two = await makeBranch(world, { into: one.destinationId });
    const branches = [one, two];
    const allEvents = async () => (await Promise.all(branches.map(({ id }) => world.events(id)))).flat();
    // Stored first: a process that is busy at the door would see its receipts late, and measure itself.
    for (const { id } of branches) await pauseConnection(world.ctx, { id });
    await Promise.all(branches.map((branch) => sendMany(branch, 35)));
    await eventually(allEvents, (rows) => rows.length === 70);
    const startedAtMs = Date.now();
    for (const { id } of branches) await unpauseConnection(world.ctx, { id });
    await receiver.received(70);
    const times = receiver.receipts.map(({ atMs }) => atMs);
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(20);
    expect(Math.max(...times) - startedAtMs).toBeGreaterThan(2_900);
    expect(Math.max(...times) - startedAtMs).toBeLessThan(8_000);
    const events = await eventually(allEvents, (rows) => rows.every(({ status }) => status === "DELIVERED"));
    expect(events.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  test("that is raised takes effect within a second, however long the old one would have had to wait", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, rate_limit: 1, rate_limit_period: "hour" } });
    await sendMany(branch, 10);
    await receiver.received(1);
    await eventually(
      async () => world.worker.lanes.running(),
      (lanes) => lanes > 0,
    );
    await updateDestination(world.ctx, { id: branch.destinationId, config: { rate_limit: 5 } });
    const changedAtMs = Date.now();
    await receiver.received(5, 2_000);
    expect(Math.max(...receiver.receipts.map(({ atMs }) => atMs)) - changedAtMs).toBeLessThan(1_000);
    expect(receiver.receipts).toHaveLength(5);
    await updateDestination(world.ctx, { id: branch.destinationId, config: { rate_limit: null } });
    await receiver.received(10, 2_000);
  });
});

describe("neighbours", () => {
  test("a healthy destination gets everything while another hangs with 500 events", async () => {
    await using healthy = await startReceiver();
    await using hanging = await startReceiver("hang");
    const good = await makeBranch(world, { to: { url: healthy.url } });
    const retry = { strategy: "linear", interval: 3_600_000, count: 1 } as const;
    const bad = await makeBranch(world, { to: { url: hanging.url, timeout_ms: 60_000, concurrency: 25, retry } });
    for (let n = 0; n < 10; n++) await sendMany(bad, 50);
    await hanging.received(25);
    for (let sent = 1; sent <= 40; sent++) {
      await good.send({ sent });
      await healthy.received(sent);
    }
    // The hanging ones were on the wire all the while, and no more than may be.
    expect(hanging.receipts).toHaveLength(25);
    expect(await world.events(bad.id)).toSatisfy((rows: { status: string }[]) =>
      rows.every(({ status }) => status === "QUEUED"),
    );
    await updateDestination(world.ctx, { id: bad.destinationId, config: { timeout_ms: 100 } });
  });
});

describe("under a steady stream", () => {
  test("every event arrives exactly once, and the counts equal the rows", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 10 } });
    for (let round = 0; round < 20; round++) {
      await sendMany(branch, 40);
    }
    await receiver.received(800);
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 800 && rows.every(({ status }) => status === "DELIVERED"),
    );
    const ids = receiver.receipts.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(800);
    expect(new Set(ids).size).toBe(800);
    expect(
      await world.all(
        `select sum(event_count)::int as events, sum(attempt_count)::int as attempts, sum(delivered_count)::int as delivered
         from rollup_minute where connection_id = $1`,
        [branch.id],
      ),
    ).toEqual([{ events: 800, attempts: 800, delivered: 800 }]);
  });
});
