// What is held by a pause goes back in line without holding up what others resume.
import { afterAll, beforeAll, expect, test } from "vitest";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { flood } from "#test/support/grouped.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const HELD = 10_000;

/** A connection that is paused, with one held event. */
async function makePaused(url: string): Promise<Branch> {
  const branch = await makeBranch(world, { to: { url } });
  await pauseConnection(world.ctx, { id: branch.id });
  await branch.send({});
  await eventually(
    () => world.events(branch.id),
    ([event]) => event?.status === "HOLD",
  );
  return branch;
}

const heldOf = async ({ id }: Branch) =>
  (await world.all("select from event where connection_id = $1 and status = 'HOLD'", [id])).length;

test("two connections with 10,000 held events each hold up no other that is resumed after them", async () => {
  await using floodReceiver = await startReceiver();
  await using receiver = await startReceiver();
  const many = [await makePaused(floodReceiver.url), await makePaused(floodReceiver.url)];
  const few = await makePaused(receiver.url);
  for (const branch of many) {
    await flood(world, branch, HELD);
    await world.all(
      "update event set status = 'HOLD', hold_reason = 'connection_paused' where connection_id = $1 and status <> 'HOLD'",
      [branch.id],
    );
  }
  for (const branch of [...many, few]) await unpauseConnection(world.ctx, { id: branch.id });
  await receiver.received(1);
  for (const branch of many) expect(await heldOf(branch)).toBeGreaterThan(0);
  for (const branch of many) {
    await eventually(
      () => heldOf(branch),
      (held) => held === 0,
      30_000,
    );
  }
}, 60_000);
