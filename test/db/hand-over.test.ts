// Events that go from routing to their lane in memory: at the receiver and in the tables nothing tells them from those that are read.
import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteConnection, pauseConnection } from "#server/resources/connections.ts";
import { cancelEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startGate, startReceiver } from "#test/support/receiver.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";
import { startWorkerProcess } from "#test/support/worker-process.ts";
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

test("the rate of a destination is kept", async () => {
  await using receiver = await startReceiver();
  const to = { url: receiver.url, rate_limit: 10, rate_limit_period: "second" } as const;
  const branch = await makeBranch(world, { to });
  await begin(branch, () => receiver.received(1));
  const sent = [];
  for (let n = 0; n < 25; n++) sent.push(await branch.send({ n }));
  await receiver.received(26);
  expect(sent.filter((id) => !read.has(id)).length).toBeGreaterThan(0);
  expect(
    busiestWindow(
      receiver.receipts.map(({ atMs }) => atMs),
      1_000,
    ),
  ).toBeLessThanOrEqual(10);
  const bodies = receiver.receipts.map(({ body }) => String(body));
  expect(new Set(bodies).size).toBe(26);
});

test("what waits at its lane when the worker is killed is delivered by the next, and recorded once", async () => {
  await using own = await createWorld({ withWorker: false });
  await using worker = startWorkerProcess(own);
  let isAlive = false;
  await using receiver = await startReceiver(() => (isAlive ? {} : "hang"));
  const branch = await makeBranch(own, { to: { url: receiver.url, concurrency: 1 } });
  await branch.send({ n: 0 });
  await receiver.received(1, 30_000);
  for (let n = 1; n < 4; n++) await branch.send({ n });
  await eventually(
    () => own.events(branch.id),
    ({ length }) => length === 4,
  );
  isAlive = true;
  await worker.replace();
  const events = () => own.events(branch.id);
  await eventually(events, (all) => all.every(({ status }) => status === "DELIVERED"), 30_000);
  for (const { id } of (await events()).slice(1)) expect(await own.attempts(id)).toHaveLength(1);
  expect(receiver.receipts.map(({ body }) => String(body)).slice(1)).toEqual(
    [0, 1, 2, 3].map((n) => JSON.stringify({ n })),
  );
}, 60_000);
