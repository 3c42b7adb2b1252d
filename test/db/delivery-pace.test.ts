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

describe("a rate limit", () => {
  test("is exact in every rolling second, fully used, and a wait is no attempt", async () => {
    await using receiver = await startReceiver();
    const to = { url: receiver.url, rate_limit: 20, rate_limit_period: "second" } as const;
    const branch = await makeBranch(world, { to });
    // Stored first: a process that is busy at the door would see its receipts late, and measure itself.
    await pauseConnection(world.ctx, { id: branch.id });
    await sendMany(branch, 70);
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 70,
    );
    const startedAtMs = Date.now();
    await unpauseConnection(world.ctx, { id: branch.id });
    await receiver.received(70);
    const times = receiver.receipts.map(({ atMs }) => atMs);
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(20);
    expect(Math.max(...times) - startedAtMs).toBeGreaterThan(2_900);
    expect(Math.max(...times) - startedAtMs).toBeLessThan(8_000);
    const events = await eventually(
      () => world.events(branch.id),
      (rows) => rows.every(({ status }) => status === "DELIVERED"),
    );
    expect(events.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  test("is shared by the branches that lead to one destination", async () => {
    await using receiver = await startReceiver();
    const one = await makeBranch(world, { to: { url: receiver.url, rate_limit: 10, rate_limit_period: "second" } });
    const two = await makeBranch(world, { into: one.destinationId });
    await Promise.all([sendMany(one, 15), sendMany(two, 10)]);
    await receiver.received(25);
    expect(
      busiestWindow(
        receiver.receipts.map(({ atMs }) => atMs),
        1_000,
      ),
    ).toBeLessThanOrEqual(10);
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
  test("a destination that hangs with 500 events leaves the latency of a healthy one as it was", async () => {
    await using healthy = await startReceiver();
    await using hanging = await startReceiver("hang");
    const good = await makeBranch(world, { to: { url: healthy.url } });
    const retry = { strategy: "linear", interval: 3_600_000, count: 1 } as const;
    const bad = await makeBranch(world, { to: { url: hanging.url, timeout_ms: 60_000, concurrency: 25, retry } });

    const measure = async (rounds: number) => {
      const latencies: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const already = healthy.receipts.length;
        const startedAtMs = performance.now();
        await good.send({ round });
        await healthy.received(already + 1);
        latencies.push(performance.now() - startedAtMs);
      }
      latencies.sort((a, b) => a - b);
      return { p50: latencies[Math.floor(rounds / 2)] ?? 0, p99: latencies.at(-1) ?? 0 };
    };
    await measure(10);
    const alone = await measure(40);
    for (let n = 0; n < 10; n++) await sendMany(bad, 50);
    await hanging.received(25);
    const beside = await measure(40);
    expect(hanging.receipts).toHaveLength(25);
    // Two cores are shared with everything else that runs: a lane that had to wait would show as seconds.
    expect(beside.p50).toBeLessThan(alone.p50 * 3 + 50);
    expect(beside.p99).toBeLessThan(alone.p99 * 3 + 500);
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

  test("an event behind the cursor is found in the middle of a backlog", async () => {
    // Looking from the start again happens every 5 s, and what it finds goes behind some 300 that were read ahead: the
    // backlog is longer than both by 3 s.
    const total = 900;
    await using receiver = await startReceiver(async () => {
      await pause(15);
      return {};
    });
    const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 1 } });
    for (let sent = 0; sent < total; sent += 60) await sendMany(branch, 60);
    await receiver.received(100);
    const [late] = await world.all<{ id: string }>(
      `update event set next_attempt_at = next_attempt_at - interval '1 hour' where id = (
         select id from event where connection_id = $1 and status = 'QUEUED' order by next_attempt_at desc, id desc limit 1)
       returning id`,
      [branch.id],
    );
    await receiver.received(total, 45_000);
    const place = receiver.receipts.findIndex(({ headers }) => headers["webhook-id"] === late?.id);
    expect(place).toBeLessThan(total - 2);
    expect(receiver.receipts).toHaveLength(total);
  });
});
