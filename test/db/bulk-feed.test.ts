// What an operation puts in line, and when: live events and other destinations never wait for all of it.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelEvents, RetryEvents, RetryRequests } from "#server/contracts/bulk.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import * as bulk from "#server/resources/bulk.ts";
import { pauseConnection } from "#server/resources/connections.ts";
import { makeBranch } from "#test/support/branch.ts";
import { insertFailedEvents } from "#test/support/failed-events.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
/** A branch whose receiver answers after `latencyMs`, with a way to send to it and to tell what it got. */
async function branch(latencyMs: number, config: Record<string, unknown> = {}, source_id?: string) {
  const receiver = await startReceiver(async () => {
    if (latencyMs === Number.POSITIVE_INFINITY) return "hang";
    await sleep(latencyMs);
    return {};
  });
  const name = `feed-${++made}`;
  const connection = await world.connect({
    name,
    ...(source_id === undefined ? { source: { name } } : { source_id }),
    destination: { name, config: { url: receiver.url, ...config } },
  } as CreateConnection & { name: string });
  const [source] = await world.all<{ key: string }>("select key from source where id = $1", [connection.source_id]);
  const sentTo = new Map<string, number>();
  return {
    connection,
    receiver,
    sentTo,
    received: (trigger: string) =>
      receiver.receipts.filter(({ headers }) => headers["x-switchyard-trigger"] === trigger),
    async send(n: number) {
      sentTo.set(String(n), Date.now());
      const answer = await fetch(`${world.doorUrl}/e/${source?.key}`, { method: "POST", body: String(n) });
      expect(answer.status).toBe(200);
    },
    /** How late each live event was, in ms. */
    lateness: () =>
      receiver.receipts
        .filter(({ headers }) => headers["x-switchyard-trigger"] === "INITIAL")
        .map(({ body, atMs }) => atMs - (sentTo.get(body.toString()) ?? 0)),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

const retry = (fields: Record<string, unknown>) =>
  bulk.retryEvents(world.ctx, RetryEvents.parse({ from: "now-1h", status: ["FAILED"], ...fields }));
const progress = (id: string) => bulk.getBulkOperation(world.ctx, { id });
const over = (id: string, patienceMs = 15_000) =>
  eventually(
    () => progress(id),
    ({ state }) => state !== "RUNNING",
    patienceMs,
  );

describe("beside an uncapped replay of 20,000 a live event is not late by more than two seconds", () => {
  test.concurrent.each([
    ["where the receiver takes 20 ms", 20, {}],
    ["where the receiver takes a second", 1_000, {}],
    ["where the destination takes 60 a second", 5, { rate_limit: 60, rate_limit_period: "second" }],
    ["where the destination takes 60 a minute", 5, { rate_limit: 60, rate_limit_period: "minute" }],
  ])("%s", async (_, latencyMs, config) => {
    await using one = await branch(latencyMs, config);
    await insertFailedEvents(world.pool, one.connection, 20_000);
    const { id } = await retry({ connection_id: [one.connection.id] });
    await eventually(
      async () => one.received("BULK").length,
      (count) => count > 0,
    );
    for (let n = 0; n < 4; n++) {
      await sleep(700);
      await one.send(n);
    }
    await eventually(
      async () => one.lateness().length,
      (count) => count === 4,
      30_000,
    );
    expect(Math.max(...one.lateness())).toBeLessThan(2_000);
    expect(one.received("BULK").length).toBeGreaterThan(4);
    const { state, queued_count } = await bulk.cancelBulkOperation(world.ctx, { id });
    expect(state).toBe("CANCELLED");
    expect(queued_count).toBeLessThan(20_000);
  });
});

test("a destination that hangs holds up no other of the same operation", async () => {
  await using hung = await branch(Number.POSITIVE_INFINITY);
  await using well = await branch(0);
  // In turns: neither can be done with before the other.
  for (let n = 0; n < 6; n++) {
    await insertFailedEvents(world.pool, hung.connection, 100);
    await insertFailedEvents(world.pool, well.connection, 100);
  }
  const { id, total_count } = await retry({ connection_id: [hung.connection.id, well.connection.id] });
  expect(total_count).toBe(1_200);
  await well.receiver.received(600);
  expect((await progress(id)).state).toBe("RUNNING");
  // What was received is settled a moment later.
  await expect.poll(async () => (await progress(id)).outcomes.QUEUED).toBeLessThan(200);
  const left = await bulk.cancelBulkOperation(world.ctx, { id });
  expect(left.queued_count).toBeLessThan(800);
  const events = await world.events(hung.connection.id);
  // What was not put in line is as it was.
  expect(events.filter(({ status }) => status === "FAILED").length).toBe(1_200 - left.queued_count);
});

test("through lines that fill up, each event of several destinations goes once, and the operation ends", async () => {
  await using slow = await branch(150, { concurrency: 10 });
  await using quick = await branch(0);
  await using limited = await branch(0, { rate_limit: 100, rate_limit_period: "second" });
  const branches = [slow, quick, limited];
  const ids = (
    await Promise.all(branches.map(({ connection }) => insertFailedEvents(world.pool, connection, 300)))
  ).flat();
  const { id } = await retry({ connection_id: branches.map(({ connection }) => connection.id) });
  const end = await over(id, 40_000);
  expect(end).toMatchObject({ state: "COMPLETED", queued_count: 900, skipped: {}, total_count: 900 });
  for (const { receiver } of branches) await receiver.received(300, 20_000);
  const got = branches.flatMap(({ receiver }) => receiver.receipts.map(({ headers }) => headers["webhook-id"]));
  expect(got.toSorted()).toEqual(ids.toSorted());
});

test("requests that are routed again wait in the same way, each destination by itself", async () => {
  await using hung = await branch(Number.POSITIVE_INFINITY);
  await using well = await branch(0, {}, hung.connection.source_id);
  await insertFailedEvents(world.pool, hung.connection, 600);
  const { id } = await bulk.retryRequests(
    world.ctx,
    RetryRequests.parse({ from: "now-1h", source_id: [hung.connection.source_id] }),
  );
  await well.receiver.received(600, 30_000);
  expect(new Set(well.receiver.receipts.map(({ headers }) => headers["webhook-id"])).size).toBe(600);
  expect(well.receiver.receipts).toHaveLength(600);
  const waiting = (await world.events(hung.connection.id)).filter(({ status }) => status === "QUEUED");
  expect(waiting.length).toBeLessThan(500);
  await bulk.cancelBulkOperation(world.ctx, { id });
});

test("a thousand chosen events are one operation, one more is refused with the reason at its field", async () => {
  await using one = await branch(0);
  const ids = await insertFailedEvents(world.pool, one.connection, 1_001);
  const chosen = ids.slice(0, 1_000);
  const { id } = await retry({ id: chosen });
  await one.receiver.received(1_000, 20_000);
  expect(await over(id)).toMatchObject({ state: "COMPLETED", queued_count: 1_000 });
  expect(one.receiver.receipts.map(({ headers }) => headers["webhook-id"]).toSorted()).toEqual(chosen.toSorted());
  const tooMany = RetryEvents.safeParse({ from: "now-1h", id: ids });
  expect(tooMany.error?.issues).toMatchObject([{ path: ["id"], code: "too_big" }]);
});

test("a cap that is less than a request has branches sends all of them, and no more often than it says", async () => {
  await using first = await branch(0);
  await using second = await branch(0, {}, first.connection.source_id);
  await insertFailedEvents(world.pool, first.connection, 3);
  const { id } = await bulk.retryRequests(
    world.ctx,
    RetryRequests.parse({
      from: "now-1h",
      source_id: [first.connection.source_id],
      rate_limit: 2,
      rate_limit_period: "second",
    }),
  );
  const startedMs = Date.now();
  expect(await over(id)).toMatchObject({ state: "COMPLETED", routed_count: 6 });
  expect(Date.now() - startedMs).toBeGreaterThan(1_900);
  await first.receiver.received(3);
  await second.receiver.received(3);
});

describe("a cancellation of many", () => {
  test("ends what is not finished, leaves the rest, and sends nothing", async () => {
    await using one = await branch(0);
    await insertFailedEvents(world.pool, one.connection, 700);
    await pauseConnection(world.ctx, { id: one.connection.id });
    await world.all(
      "update event set status = 'HOLD', hold_reason = 'connection_paused' where id in (select id from event where connection_id = $1 limit 650)",
      [one.connection.id],
    );
    const input = CancelEvents.parse({ from: "now-1h", connection_id: [one.connection.id] });
    expect(await bulk.planEventsCancel(world.ctx, input)).toMatchObject({
      count: 650,
      skipped: { finished: 50 },
      by_status: { HOLD: 650 },
      destinations: [],
    });
    const { id } = await bulk.cancelEvents(world.ctx, input);
    expect(await over(id)).toMatchObject({
      state: "COMPLETED",
      cancelled_count: 650,
      queued_count: 0,
      skipped: { finished: 50 },
    });
    const events = await world.events(one.connection.id);
    expect(events.filter(({ status }) => status === "CANCELLED")).toHaveLength(650);
    expect(events.filter(({ status }) => status === "FAILED")).toHaveLength(50);
    expect(one.receiver.receipts).toEqual([]);
    await expect(bulk.cancelEvents(world.ctx, input)).rejects.toMatchObject({
      code: "UNPROCESSABLE",
      message: expect.stringContaining("700 finished"),
    });
  });

  test("ends failed events that others wait behind, and their lines go on at once", async () => {
    await using receiver = await startReceiver(({ body }) => ({ status: body.includes("bad") ? 500 : 200 }));
    const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 1, response_status_codes: ["599"] }];
    const to = { url: receiver.url, ordering: "by_key", ordering_key: "body.key" };
    const ordered = await makeBranch(world, { to, rules } as Parameters<typeof makeBranch>[1]);
    const keys = Array.from({ length: 5 }, (_, n) => `k${n}`);
    for (const key of keys) for (const what of ["bad", "good"]) await ordered.send({ key, what });
    const counted = (status: string, count: number) =>
      eventually(
        () => world.events(ordered.id),
        (events) => events.filter((event) => event.status === status).length === count,
      );
    await counted("FAILED", 5);
    await counted("HOLD", 5);
    const input = CancelEvents.parse({ from: "now-1h", connection_id: [ordered.id], status: ["FAILED"] });
    expect(await bulk.planEventsCancel(world.ctx, input)).toMatchObject({ count: 5, skipped: {} });
    const { id } = await bulk.cancelEvents(world.ctx, input);
    expect(await over(id)).toMatchObject({ state: "COMPLETED", cancelled_count: 5, skipped: {} });
    const cancelledAtMs = Date.now();
    await counted("DELIVERED", 5);
    expect(Date.now() - cancelledAtMs).toBeLessThan(900);
    expect((await counted("CANCELLED", 5)).every(({ status }) => status !== "FAILED")).toBe(true);
  });
});
