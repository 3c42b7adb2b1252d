// What groups cost that have to wait.
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { BY_CUSTOMER, flood, makeGrouped } from "#test/support/grouped.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const GROUPS = 1_000;
const GROUPS_PER_LOOK = 200;
const WATCHED_MS = 2_000;

/** How often the database is asked what is due, in the next seconds. */
async function countLooks(): Promise<number> {
  const query = vi.spyOn(pg.Client.prototype, "query");
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const names = (query.mock.calls as unknown as [{ name?: string } | string][]).map(([statement]) =>
    typeof statement === "object" ? statement.name : undefined,
  );
  query.mockRestore();
  return names.filter((name) => name === "turn-keys" || name === "due-of-turn-keys" || name === "due-events").length;
}

test("a thousand groups at their limits are looked at about once a second, and a new one goes at once", async () => {
  await using receiver = await startReceiver();
  const groups = { ...BY_CUSTOMER, rate_limit: 1, rate_limit_period: "hour" as const };
  const branch = await makeGrouped(world, receiver, groups, { concurrency: 50 });
  await branch.send({ customer_id: "first" });
  await flood(world, branch, 2 * GROUPS, { groups: GROUPS });
  await receiver.received(1 + GROUPS, 30_000);
  // The first of these looks may still be those that found the last groups.
  await countLooks();
  // Twice that, since a round may begin and end in the time that is watched. Without a rest there are hundreds.
  expect(await countLooks()).toBeLessThanOrEqual(2 * (WATCHED_MS / 1_000) * (GROUPS / GROUPS_PER_LOOK));
  await branch.send({ customer_id: "new" });
  await receiver.received(2 + GROUPS, 5_000);
}, 60_000);
