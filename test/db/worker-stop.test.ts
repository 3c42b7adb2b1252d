// A worker that stops leaves nothing locked for the next one. What it cannot give back in time is freed once it is gone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { markOfThisProcess } from "#server/process/process-mark.ts";
import { startRoutingLoop } from "#server/routing/routing-loop.ts";
import { makeBranch } from "#test/support/branch.ts";
import { keepLog } from "#test/support/logged.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { makeWorkerApp } from "#worker/app.ts";
import { freeTheGone } from "#worker/gone-workers.ts";
import { beat } from "#worker/liveness.sql.ts";
import { startLoops } from "#worker/loops.ts";
import { startRunners } from "#worker/runners.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

/** A connection with a transaction that holds what `text` locks until it is released. */
async function lock(text: string, values: unknown[] = []) {
  const client = await world.pool.connect();
  await client.query("begin");
  await client.query(text, values);
  return { release: () => client.query("rollback").finally(() => client.release()) };
}

test("a lease that a stop could not give back in time is freed once the worker is gone, and ended pools are left alone", async () => {
  const { place } = (await markOfThisProcess()) ?? expect.fail("This machine does not tell processes apart.");
  const gate = Promise.withResolvers<void>();
  await using receiver = await startReceiver(() => gate.promise.then(() => ({})));
  const { destinationId, send, id } = await makeBranch(world, { to: { url: receiver.url } });
  const { log, lines } = keepLog("warn");
  const app = await makeWorkerApp(world.env, log);
  const stop = await startLoops(app, { schedule: "", drainMs: 50 });
  await send({});
  await receiver.received(1);
  const results = await lock("lock table attempt in exclusive mode");
  gate.resolve();
  await stop();
  // The mark of a process that is over.
  await world.all("update worker_process set started_at = '1' where id = $1", [app.holder]);
  expect(await freeTheGone(world.pool, { place }, keepLog("warn").log)).toEqual({
    holders: [app.holder],
    destinationIds: [destinationId],
  });

  const lane = await lock("select from lane where destination_id = $1 for update", [destinationId]);
  const closing = app.close();
  await results.release();
  await eventually(async () => app.pool.ending, Boolean);
  await lane.release();
  await closing;
  await app.lanes.stop();
  expect(await world.events(id)).toMatchObject([{ status: "DELIVERED", attempts: 1 }]);
  expect(lines).toEqual([]);
});

test("a lease whose release failed is free once its worker has stopped, and others are told", async () => {
  await using receiver = await startReceiver();
  const { destinationId, send } = await makeBranch(world, { to: { url: receiver.url } });
  await world.pool.query(`
    create function refuse_release() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
    create trigger refuse_release before update on lane for each row when (new.holder is null) execute function refuse_release()`);
  try {
    const { log, lines } = keepLog("warn");
    const app = await makeWorkerApp(world.env, log);
    const stop = await startLoops(app, { schedule: "" });
    await send({});
    await receiver.received(1);
    await stop();
    await app.close();
    expect(JSON.stringify(lines)).toContain("refused");
    const look = "select holder, lease_expires_at <= now() as is_free from lane where destination_id = $1";
    expect(await world.all(look, [destinationId])).toEqual([{ holder: app.holder, is_free: true }]);
    expect(await world.all("select id from worker_process where id = $1", [app.holder])).toEqual([]);
    const key = `deliver:${destinationId}`;
    expect(await world.all("select key from graphile_worker.jobs where key = $1", [key])).toEqual([{ key }]);
  } finally {
    await world.pool.query("drop trigger refuse_release on lane; drop function refuse_release");
  }
});

test("destinations in line for a slot are for others at once, while the turns of a worker that stops still end", async () => {
  await using receiver = await startReceiver("hang");
  const app = await makeWorkerApp({ ...world.env, workerLanes: 1 }, world.worker.log);
  try {
    const turns: Promise<void>[] = [];
    // One in the only slot, and four that wait aside.
    for (let n = 0; n < 5; n++) {
      const { destinationId, send } = await makeBranch(world, { to: { url: receiver.url } });
      await send({ n });
      await world.route();
      turns.push(app.lanes.drain(destinationId, "fast"));
    }
    await receiver.received(5);
    const { destinationId } = await makeBranch(world, { to: { url: receiver.url } });
    await app.lanes.drain(destinationId, "fast");
    const stopping = app.lanes.stop();
    await eventually(
      () => world.all("select key from graphile_worker.jobs where key = $1", [`deliver:${destinationId}`]),
      ({ length }) => length === 1,
      2_000,
    );
    expect(app.lanes.running()).toBe(5);
    app.abortSends();
    await Promise.all([stopping, ...turns]);
  } finally {
    await app.close();
  }
});

test("a worker whose lanes all end at once leaves none of their jobs locked", async () => {
  await using receiver = await startReceiver("hang");
  const destinations = 40;
  for (let n = 0; n < destinations; n++) {
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({ n });
  }
  const runners = await startRunners(world.worker);
  const routing = startRoutingLoop(world.worker.router, world.worker.log);
  await receiver.received(destinations);
  await beat(world.worker.pool, runners.workerIds);
  world.worker.abortSends();
  await Promise.all([routing.stop(), runners.stop(), world.worker.lanes.stop()]);
  await runners.leave({ hasEnded: true });
  expect(
    await world.all("select key, attempts from graphile_worker._private_jobs where locked_by is not null"),
  ).toEqual([]);
  expect(await world.all("select id from worker_heartbeat")).toEqual([]);
});
