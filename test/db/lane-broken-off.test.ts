// What a worker leaves to the next: sends that it broke off, what counts against a rate, and what is due by a clock that it does not have.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, systemClock } from "#server/process/clock.ts";
import { makeLog } from "#server/process/log.ts";
import { retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";
import { createWorld, routeBy, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** A worker that is stopped while the send is out, as by a deploy that meets a slow receiver. */
async function breakOffNext(branch: Branch, received: Promise<unknown>): Promise<void> {
  const worker = await makeWorkerApp(world.env, makeLog("test", "warn"));
  try {
    const turn = worker.lanes.drain(branch.destinationId, "fast");
    await received;
    worker.abortSends();
    await Promise.all([worker.lanes.stop(), turn]);
  } finally {
    await worker.close();
  }
}

const startLanes = async (clock: Clock) => {
  const worker = await makeWorkerApp(world.env, makeLog("test", "warn"), clock);
  return { ...worker, [Symbol.asyncDispose]: worker.close };
};

const shifted = (ms: number): Clock => ({ ...systemClock, nowMs: () => systemClock.nowMs() + ms });

test("a send that was broken off takes no retry from the policy and leaves the next attempt its trigger", async () => {
  await using receiver = await startReceiver((_, index) => (index % 2 === 0 ? "hang" : { status: 500 }));
  const rules = [{ type: "retry", strategy: "linear", interval: 60_000, count: 1 } as const];
  const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
  await branch.send({});
  await world.route();
  const eventId = (await world.events(branch.id))[0]?.id ?? "";
  const state = async () => (await world.events(branch.id))[0];

  await breakOffNext(branch, receiver.received(1));
  expect(await state()).toMatchObject({ status: "RETRYING", trigger: "INITIAL", error_code: "CANCELLED" });
  await world.worker.lanes.drain(branch.destinationId, "fast");
  expect(await state()).toMatchObject({ status: "RETRYING", trigger: "AUTOMATIC", attempts: 2, response_status: 500 });

  await retryEvent(world.ctx, { id: eventId });
  await breakOffNext(branch, receiver.received(3));
  await world.worker.lanes.drain(branch.destinationId, "fast");
  expect(await state()).toMatchObject({ status: "FAILED", attempts: 4 });
  expect((await world.attempts(eventId)).map(({ trigger, error_code }) => [trigger, error_code])).toEqual([
    ["INITIAL", "CANCELLED"],
    ["INITIAL", "BAD_RESPONSE"],
    ["MANUAL", "CANCELLED"],
    ["MANUAL", "BAD_RESPONSE"],
  ]);
});

test("a rate limit holds across workers whose clocks differ", async () => {
  const AHEAD_MS = 5_000;
  await using receiver = await startReceiver();
  const branch = await makeBranch(world, { to: { url: receiver.url, rate_limit: 5, rate_limit_period: "second" } });
  for (let n = 0; n < 15; n++) await branch.send({ n });
  await world.route();
  let received = 0;
  for (const shiftMs of [0, AHEAD_MS, 0]) {
    await using worker = await startLanes(shifted(shiftMs));
    const turn = worker.lanes.drain(branch.destinationId, "fast");
    received += 5;
    await receiver.received(received);
    await Promise.all([worker.lanes.stop(), turn]);
  }
  const times = receiver.receipts.map(({ atMs }) => atMs);
  expect(times).toHaveLength(15);
  expect(busiestWindow(times, 1_000)).toBe(5);
});

const SKEW_MS = 10 * 60_000;

test.each(["none", "fifo"] as const)(
  "what is due at once is sent at once by a lane whose clock is behind those of routing and of the gateway (ordering %s)",
  async (ordering) => {
    await using receiver = await startReceiver((_, index) => ({ status: index === 0 ? 500 : 200 }));
    const rules = [{ type: "retry", strategy: "linear", interval: 3_600_000, count: 1 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url, ordering }, rules });
    await branch.send({});
    await using router = await startLanes(shifted(SKEW_MS));
    await using behind = await startLanes(shifted(-SKEW_MS));
    await routeBy(router);
    const turn = behind.lanes.drain(branch.destinationId, "fast");
    await receiver.received(1);
    await Promise.all([behind.lanes.stop(), turn]);
    const [event] = await world.all<{ id: string; waits_seconds: number }>(
      "select id, extract(epoch from next_attempt_at - now())::float8 as waits_seconds from event where connection_id = $1",
      [branch.id],
    );
    // With ±10 % of jitter, by the one clock that all share.
    expect(Math.abs((event?.waits_seconds ?? 0) - 3_600)).toBeLessThan(400);

    const now = () => new Date(Date.now() + SKEW_MS);
    await retryEvent({ ...world.ctx, app: { ...world.ctx.app, now } }, { id: event?.id ?? "" });
    await using next = await startLanes(shifted(-SKEW_MS));
    const secondTurn = next.lanes.drain(branch.destinationId, "fast");
    await receiver.received(2);
    await Promise.all([next.lanes.stop(), secondTurn]);
  },
);
