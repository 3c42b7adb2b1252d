// What was held goes back in line in slices, so that a long release holds up nobody else's.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HoldReason } from "#server/contracts/event-life.ts";
import { releaseGroups } from "#server/events/release-groups.ts";
import { releaseHeld } from "#server/events/release-held.ts";
import type { Clock } from "#server/process/clock.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { BY_CUSTOMER, flood } from "#test/support/grouped.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const HELD = 1_700;

/** Time for two pages of 500 events in each slice, and no time for rests. */
function makeSlowClock(): Clock {
  let atMs = 0;
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => {
      atMs += 300;
      return atMs;
    },
    after(_delayMs, run) {
      setImmediate(run);
      return () => {};
    },
  };
}

async function makeHeld(reason: HoldReason): Promise<Branch> {
  const branch = await makeBranch(world, { to: { url: "http://127.0.0.1:1024/", groups: BY_CUSTOMER } });
  await branch.send({ customer_id: "one" });
  await world.route();
  await flood(world, branch, HELD - 1);
  await world.all("update event set status = 'HOLD', hold_reason = $2 where connection_id = $1", [branch.id, reason]);
  return branch;
}

const heldOf = async ({ id }: Branch) =>
  (await world.all("select from event where connection_id = $1 and status = 'HOLD'", [id])).length;

const tools = () => ({ ...world.worker, clock: makeSlowClock(), wakeLanes: async () => {} });

test.each([
  {
    of: "a connection that is resumed",
    reason: "connection_paused" as const,
    release: ({ id }: Branch) => releaseHeld(tools(), id),
  },
  {
    of: "a group that is resumed",
    reason: "group_paused" as const,
    release: ({ destinationId }: Branch) => releaseGroups(tools(), destinationId),
  },
])("the events of $of go back in line a second at a time, until none is left", async ({ reason, release }) => {
  const branch = await makeHeld(reason);
  expect(await release(branch)).toBe(true);
  expect(await heldOf(branch)).toBe(HELD - 1_000);
  expect(await release(branch)).toBe(false);
  expect(await heldOf(branch)).toBe(0);
});
