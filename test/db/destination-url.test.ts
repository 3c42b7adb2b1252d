// What waits follows its destination: a new URL is where everything goes that is not on the wire yet.
import { afterAll, beforeAll, expect, test } from "vitest";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startGate, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const until = (branch: Branch, check: (statuses: string[]) => boolean) =>
  eventually(async () => (await world.events(branch.id)).map(({ status }) => status as string), check);
const moveTo = (branch: Branch, url: string) =>
  updateDestination(world.ctx, { id: branch.destinationId, config: { url } });
const every = (status: string, count: number) => (found: string[]) =>
  found.length === count && found.every((each) => each === status);

test("what a lane has not sent yet goes to the new URL, in the midst of its slice; what is on the wire ends where it began", async () => {
  await using old = await startGate();
  await using moved = await startReceiver();
  const branch = await makeBranch(world, { to: { url: old.url, concurrency: 1 } });
  for (let n = 0; n < 20; n++) await branch.send({ n });
  await old.received(1);
  await until(branch, (found) => found.length === 20);
  await moveTo(branch, moved.url);
  await world.worker.config.upToDate();
  old.open();
  await until(branch, every("DELIVERED", 20));
  expect([old.receipts.length, moved.receipts.length]).toEqual([1, 19]);
  const requested = await world.all<{ requested_url: string; n: number }>(
    "select requested_url, count(*)::int as n from attempt where connection_id = $1 group by 1",
    [branch.id],
  );
  expect(requested.map(({ n }) => n).sort()).toEqual([1, 19]);
});

test("held, scheduled and retrying events go there when their time comes, with their ids and their history", async () => {
  await using old = await startReceiver(() => ({ status: 500 }));
  await using moved = await startReceiver();
  const retry = { type: "retry", strategy: "linear", interval: 3_600_000, count: 3 } as const;
  const retrying = await makeBranch(world, { to: { url: old.url }, rules: [retry] });
  const scheduled = await makeBranch(world, {
    from: retrying,
    into: retrying.destinationId,
    rules: [{ type: "delay", delay: 3_600_000 }],
  });
  const held = await makeBranch(world, { from: retrying, into: retrying.destinationId });
  await pauseConnection(world.ctx, { id: held.id });
  await retrying.send({});
  await until(retrying, every("RETRYING", 1));
  await until(scheduled, every("SCHEDULED", 1));
  await until(held, every("HOLD", 1));
  const ids = (await Promise.all([retrying, scheduled, held].map(({ id }) => world.events(id))))
    .flat()
    .map(({ id }) => id);

  await moveTo(retrying, moved.url);
  await unpauseConnection(world.ctx, { id: held.id });
  for (const branch of [retrying, scheduled]) {
    for (const { id } of await world.events(branch.id)) await retryEvent(world.ctx, { id });
  }
  for (const branch of [retrying, scheduled, held]) await until(branch, every("DELIVERED", 1));
  expect(moved.receipts.map(({ headers }) => headers["webhook-id"]).sort()).toEqual(ids.sort());
  expect(old.receipts).toHaveLength(1);
});
