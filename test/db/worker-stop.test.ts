// A worker that stops leaves nothing locked for the next one.
import { expect, test } from "vitest";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually } from "#test/support/world.ts";
import { startRunners } from "#worker/runners.ts";

test("a worker whose lanes all end at once has ended their jobs when it has stopped", async () => {
  await using world = await createWorld({ withWorker: false });
  await using receiver = await startReceiver("hang");
  const destinations = 40;
  const branches = await Promise.all(
    Array.from({ length: destinations }, () => makeBranch(world, { to: { url: receiver.url } })),
  );
  const runners = await startRunners(world.worker);
  await world.worker.lanes.wake(branches.map(({ destinationId }) => destinationId));
  await eventually(
    () => world.all("select from graphile_worker._private_jobs where locked_by = any ($1)", [runners.workerIds]),
    (jobs) => jobs.length > 0,
  );
  await Promise.all([runners.stop(), world.worker.lanes.stop()]);
  expect(
    await world.all("select key, attempts from graphile_worker._private_jobs where locked_by is not null"),
  ).toEqual([]);
});
