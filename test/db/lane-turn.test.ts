// What a turn of a lane leaves behind: a line per attempt, and how fast its receiver is.
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLog } from "#server/process/log.ts";
import { makeBranch } from "#test/support/branch.ts";
import { keepLog } from "#test/support/logged.ts";
import { startGate, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Makes one attempt at a receiver that answers 500, and returns what the lane said of it. */
async function linesOfAttempt(level: "debug" | "info") {
  await using receiver = await startReceiver({ status: 500 });
  const { log, lines } = keepLog(level);
  const worker = await makeWorkerApp(world.env, log);
  try {
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    await world.route();
    await worker.lanes.drain(branch.destinationId, "fast");
    const [event] = await world.events(branch.id);
    const [attempt] = await world.attempts(event?.id ?? "");
    return { branch, event, attempt, lines: lines.filter(({ msg }) => msg === "delivery.attempted") };
  } finally {
    await worker.lanes.stop();
    await worker.close();
  }
}

test("each attempt is one line at level debug, with its ids, how it came out and what was decided", async () => {
  const { branch, event, attempt, lines } = await linesOfAttempt("debug");
  expect(lines).toEqual([
    expect.objectContaining({
      team_id: world.ctx.teamId,
      source_id: branch.sourceId,
      connection_id: branch.id,
      destination_id: branch.destinationId,
      event_id: event?.id,
      attempt_id: attempt?.id,
      number: 1,
      trigger: "INITIAL",
      response_status: 500,
      error_code: "BAD_RESPONSE",
      latency_ms: expect.any(Number),
      decision: "RETRYING",
      next_attempt_at: event?.next_attempt_at?.toISOString(),
    }),
  ]);
});

test("no attempt is a line at level info", async () => {
  const { attempt, lines } = await linesOfAttempt("info");
  expect(attempt).toMatchObject({ response_status: 500 });
  expect(lines).toEqual([]);
});

test("a destination that waits for a lane of its worker is handed to the others when that one stops", async () => {
  await using gate = await startGate();
  const worker = await makeWorkerApp({ ...world.env, workerLanes: 1 }, makeLog("test", "warn"));
  try {
    // One lane works, four wait aside.
    const branches = [];
    for (let i = 0; i < 6; i++) branches.push(await makeBranch(world, { to: { url: gate.url } }));
    const ids = branches.map(({ destinationId }) => destinationId);
    for (const branch of branches) await branch.send({});
    await world.route();
    const keys = ids.map((id) => `deliver:${id}`);
    const jobs = () => world.all("select key from graphile_worker._private_jobs where key = any($1)", [keys]);
    await eventually(jobs, ({ length }) => length === ids.length);
    await world.all("delete from graphile_worker._private_jobs");
    const last = String(ids.pop());
    const drained = ids.map((id) => worker.lanes.drain(id, "fast"));
    await gate.received(ids.length);
    await worker.lanes.drain(last, "fast");
    // It is told once, however often somebody asks for it.
    await worker.lanes.wake([last]);
    expect(await jobs()).toEqual([]);
    const stopped = worker.lanes.stop();
    gate.open();
    await Promise.all([...drained, stopped]);
    expect(gate.receipts).toHaveLength(ids.length);
    expect(await jobs()).toEqual([{ key: `deliver:${last}` }]);
  } finally {
    await worker.close();
  }
});

test("a lane that found its receiver slow stays among the slow ones when it has nothing to send", async () => {
  const branch = await makeBranch(world, {});
  await world.all("insert into lane (destination_id, is_slow) values ($1, true)", [branch.destinationId]);
  await world.worker.lanes.drain(branch.destinationId, "slow");
  expect(await world.all("select is_slow, token from lane where destination_id = $1", [branch.destinationId])).toEqual([
    { is_slow: true, token: "1" },
  ]);
});
