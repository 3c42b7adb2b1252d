// Events that go from routing to their lane in memory: at the receiver and in the tables nothing tells them from those that are read.
import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteConnection, pauseConnection } from "#server/resources/connections.ts";
import { cancelEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startGate, startReceiver } from "#test/support/receiver.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
/** The requests that lanes have read. */
const read = new Set<string>();
beforeAll(async () => {
  world = await createWorld();
  const { pool } = world.worker;
  const query = pool.query.bind(pool) as (...input: unknown[]) => unknown;
  const noting = (...input: unknown[]) => {
    const { name, values } = input[0] as { name?: string; values?: string[][] };
    if (name === "load-sendable-requests") for (const id of values?.[1] ?? []) read.add(id);
    return query(...input);
  };
  Object.assign(pool, { query: noting });
});
afterAll(() => world[Symbol.asyncDispose]());

const statuses = async (branch: Branch) => (await world.events(branch.id)).map(({ status }) => status);
const isOpen = (destinationId: string) => eventually(async () => world.worker.lanes.isOpen(destinationId), Boolean);

/** Sends one event, after which a lane serves the destination and waits for more. */
async function begin(branch: Branch, received: () => Promise<unknown>): Promise<void> {
  await branch.send({ first: true });
  await received();
  await isOpen(branch.destinationId);
}

test("an event for a lane that has nothing to do is sent unread, and recorded once", async () => {
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url } });
  await begin(branch, () => receiver.received(1));
  const sent = [];
  for (let n = 0; n < 5; n++) {
    sent.push(await branch.send({ n, text: "é" }, { "x-own": "kept" }, "/path?a=1"));
    await receiver.received(n + 2);
  }
  await eventually(
    () => statuses(branch),
    (all) => all.length === 6 && all.every((status) => status === "DELIVERED"),
  );
  expect(sent.filter((id) => read.has(id))).toEqual([]);
  expect(receiver.receipts.map(({ body }) => String(body)).slice(1)).toEqual(
    [0, 1, 2, 3, 4].map((n) => JSON.stringify({ n, text: "é" })),
  );
  expect(receiver.receipts.at(-1)).toMatchObject({ url: "/hook/path?a=1", headers: { "x-own": "kept" } });
  for (const { id, attempts } of await world.events(branch.id)) {
    expect(attempts).toBe(1);
    expect(await world.attempts(id)).toMatchObject([{ number: 1, trigger: "INITIAL", response_status: 200 }]);
  }
});

test("a pause, a cancellation and a deletion reach what waits at its lane", async () => {
  await using gate = await startGate();
  const to = { url: gate.url, concurrency: 1 };
  const branches = [await makeBranch(world, { to }), await makeBranch(world, { to }), await makeBranch(world, { to })];
  for (const [n, branch] of branches.entries()) await begin(branch, () => gate.received(n + 1));
  const waiting = [];
  for (const branch of branches) {
    waiting.push(await branch.send({ second: true }));
    await eventually(
      () => statuses(branch),
      ({ length }) => length === 2,
    );
  }
  const [paused, cancelled, deleted] = branches as [Branch, Branch, Branch];
  await pauseConnection(world.ctx, { id: paused.id });
  const [, second] = await world.events(cancelled.id);
  await cancelEvent(world.ctx, { id: second?.id ?? "" });
  await deleteConnection(world.ctx, { id: deleted.id });
  await world.worker.config.upToDate();
  gate.open();
  const ended = async () => (await Promise.all(branches.map(statuses))).map(([, status]) => status);
  await eventually(ended, (all) => all.join() === "HOLD,CANCELLED,CANCELLED");
  expect(waiting.filter((id) => read.has(id))).toEqual([]);
  const urls = gate.receipts.map(({ body }) => String(body));
  // A cancellation does not call back what a lane has in hand; its event stays cancelled.
  expect(urls.filter((body) => body.includes("second")).length).toBeLessThanOrEqual(1);
});

/** Loses the answer to the next batch that routing commits. Returns whether that has happened. */
function loseCommit(): () => boolean {
  const { pool } = world.worker.router;
  const { query } = pool;
  let isLost = false;
  const losing = (...input: unknown[]) => {
    const [pipeline, done] = input as [object, (error: unknown) => void];
    if (!("steps" in pipeline)) return Reflect.apply(query, pool, input);
    Object.assign(pool, { query });
    isLost = true;
    const lost = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    return Reflect.apply(query, pool, [pipeline, (error: unknown) => done(error ?? lost)]);
  };
  Object.assign(pool, { query: losing });
  return () => isLost;
}

test("an event whose commit was not heard of is read while its lane goes on, and sent once", async () => {
  await using gate = await startGate();
  const branch = await makeBranch(world, { to: { url: gate.url } });
  await begin(branch, () => gate.received(1));
  const isLost = loseCommit();
  const id = await branch.send({ second: true });
  // The first one is on the wire all the while, so it is the same turn of the lane.
  await gate.received(2);
  expect(isLost()).toBe(true);
  expect(read.has(id)).toBe(true);
  gate.open();
  await eventually(
    () => statuses(branch),
    (all) => all.join() === "DELIVERED,DELIVERED",
  );
  for (const event of await world.events(branch.id)) expect(await world.attempts(event.id)).toHaveLength(1);
  expect(gate.receipts).toHaveLength(2);
});

test("the rate of a destination is kept", async () => {
  await using receiver = await startReceiver();
  const to = { url: receiver.url, rate_limit: 10, rate_limit_period: "second" } as const;
  const branch = await makeBranch(world, { to });
  await begin(branch, () => receiver.received(1));
  const sent = [];
  for (let n = 0; n < 15; n++) sent.push(await branch.send({ n }));
  await receiver.received(16);
  expect(sent.filter((id) => !read.has(id)).length).toBeGreaterThan(0);
  expect(
    busiestWindow(
      receiver.receipts.map(({ atMs }) => atMs),
      1_000,
    ),
  ).toBeLessThanOrEqual(10);
  const bodies = receiver.receipts.map(({ body }) => String(body));
  expect(new Set(bodies).size).toBe(16);
});
