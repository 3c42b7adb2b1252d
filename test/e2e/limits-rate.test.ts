// A rate limit as its receiver sees it: never exceeded in any rolling window, whichever worker sends.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type System, startSystem } from "#test/support/durable-system.ts";
import { eventOf, expectAllDelivered } from "#test/support/invariants.ts";
import { startLoad } from "#test/support/load.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";
import { callApi, connect, type RoleProcess } from "#test/support/system.ts";
import { eventually } from "#test/support/world.ts";

let system: System;
let gateway: RoleProcess;
let first: RoleProcess;

beforeAll(async () => {
  system = await startSystem();
  [gateway, first] = await Promise.all([system.startGateway(), system.startWorker()]);
});
afterAll(() => system?.[Symbol.asyncDispose]());

async function limited(name: string, receiver: Receiver, config: object, requests: number) {
  const destination = { name: `${name}-destination`, config: { url: receiver.url, ...config } };
  const wiring = await connect(gateway, { name, destination });
  await using load = startLoad({
    urls: [`${gateway.url}${wiring.path}`],
    maxRequests: requests,
    pauseMs: 0,
    concurrency: 4,
  });
  return { wiring, receiver, answers: await load.done };
}
const times = ({ receipts }: Receiver) => receipts.map(({ atMs }) => atMs);
const tokenOf = async (destinationId: string) =>
  Number((await system.pool.query("select token from lane where destination_id = $1", [destinationId])).rows[0]?.token);

test("120 a minute and 20 a second hold in every rolling window, also across the death of the worker that sends", async () => {
  await using perMinute = await startReceiver();
  await using perSecond = await startReceiver();
  const byMinute = await limited("by-minute", perMinute, { rate_limit: 120, rate_limit_period: "minute" }, 150);
  const bySecond = await limited("by-second", perSecond, { rate_limit: 20, rate_limit_period: "second" }, 300);
  await perMinute.received(120);
  await perSecond.received(60);
  const second = await system.startWorker();
  const tokens = await Promise.all([byMinute, bySecond].map(({ wiring }) => tokenOf(wiring.destinationId)));
  await first.kill();
  const arrived = new Set([...perMinute.receipts, ...perSecond.receipts].map(eventOf));

  await perMinute.received(150, 90_000);
  await perSecond.received(300, 60_000);
  expect(busiestWindow(times(perMinute), 60_000)).toBe(120);
  expect(busiestWindow(times(perSecond), 1_000)).toBe(20);
  for (const [i, { wiring, receiver, answers }] of [byMinute, bySecond].entries()) {
    const receipts = receiver.receipts;
    await expectAllDelivered(system, wiring, { answers, receipts, again: arrived, patienceMs: 60_000 });
    expect(await tokenOf(wiring.destinationId)).toBeGreaterThan(tokens[i] ?? 0);
  }
  first = second;
});

test("a changed limit takes effect within a second, up and down, and a limited event spends no attempt", async () => {
  await using receiver = await startReceiver();
  const slow = { rate_limit: 2, rate_limit_period: "second" };
  const { wiring, answers } = await limited("changed", receiver, slow, 120);
  const change = async (limit: object) => {
    await callApi(gateway, "PATCH", `/destinations/${wiring.destinationId}`, { config: limit });
    return Date.now();
  };
  await receiver.received(5);
  const raisedAtMs = await change({ rate_limit: 40 });
  await receiver.received(40);
  const inFirstSecond = times(receiver).filter((atMs) => atMs > raisedAtMs && atMs <= raisedAtMs + 1_000);
  expect(inFirstSecond.length).toBeGreaterThan(4);

  const loweredAtMs = await change({ rate_limit: 1 });
  await sleep(4_000);
  const late = times(receiver).filter((atMs) => atMs > loweredAtMs + 1_000);
  expect(busiestWindow(late, 1_000)).toBeLessThanOrEqual(1);
  expect(receiver.receipts.length).toBeLessThan(120);

  await change({ rate_limit: null });
  await receiver.received(120);
  await expectAllDelivered(system, wiring, {
    answers,
    receipts: receiver.receipts,
    again: new Set(),
    patienceMs: 10_000,
  });
  const attempts = await eventually(
    async () =>
      (await system.pool.query("select number from attempt where connection_id = $1", [wiring.connectionId])).rows,
    (rows) => rows.length >= 120,
  );
  expect(attempts).toEqual(Array.from({ length: 120 }, () => ({ number: 1 })));
});
