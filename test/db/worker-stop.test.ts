// A worker that stops leaves nothing locked for the next one.
import { expect, test } from "vitest";
import { startRoutingLoop } from "#server/routing/routing-loop.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld } from "#test/support/world.ts";
import { beat } from "#worker/liveness.sql.ts";
import { startRunners } from "#worker/runners.ts";

test("a worker whose lanes all end at once leaves none of their jobs locked", async () => {
  await using world = await createWorld({ withWorker: false });
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
  await runners.leave();
  expect(
    await world.all("select key, attempts from graphile_worker._private_jobs where locked_by is not null"),
  ).toEqual([]);
  expect(await world.all("select id from worker_heartbeat")).toEqual([]);
});
