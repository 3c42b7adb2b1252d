import { afterAll, beforeAll, expect, test } from "vitest";
import { claimDeferred } from "#server/routing/deferred-branch.sql.ts";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { rerouteRequest, routeHandOffs } from "#server/routing/route-requests.ts";
import { makeBranch } from "#test/support/branch.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

test("a replay that overtakes the first routing takes no other branch with it", async () => {
  const one = await makeBranch(world, {});
  const two = await makeBranch(world, { from: one });
  const requestId = await one.send({ type: "order.paid" });
  const { router } = world.worker;
  const { teamId } = world.ctx;
  await rerouteRequest(router, { teamId, requestId, connectionIds: [one.id] });
  router.deferred.start();
  const replayed = await eventually(
    () => world.events(one.id),
    (events) => events.length === 1,
  );

  const { handOffs, configVersion } = await claimHandOffs(router.pool, 8);
  await routeHandOffs(router, handOffs, configVersion);
  expect(await world.events(one.id)).toEqual(replayed);
  expect(await world.events(two.id)).toMatchObject([{ request_id: requestId, trigger: "INITIAL" }]);
  expect(await world.all("select id from hand_off")).toEqual([]);
});

test("branches that share a large body count it each for the worker that takes them over", async () => {
  const one = await makeBranch(world, { source: { type: "SHOPIFY", config: { auth_type: "NONE" } } });
  for (let n = 1; n < 4; n++) await makeBranch(world, { from: one });
  const body = { type: "order.paid", text: "x".repeat(100_000) };
  await one.send(body);
  const bytes = Buffer.byteLength(JSON.stringify(body));
  const { router } = world.worker;
  let held = 0;
  // A worker that dies once it has taken the branches on.
  const take = (_team: string, amount: number) => {
    held += amount;
    return true;
  };
  const deferred = { ...router.deferred, take, add: () => {} };
  const { handOffs, configVersion } = await claimHandOffs(router.pool, 8);
  await routeHandOffs({ ...router, deferred }, handOffs, configVersion);
  expect(held).toBe(bytes);

  await world.pool.query("update deferred_branch set due_at = now()");
  const room = { branches: 8, bytes: bytes + 1 };
  const { branches } = await claimDeferred(router.pool, new Map(), room, { branches: 8, bytes: 8 * bytes });
  expect(branches.map(({ bodyBytes }) => bodyBytes)).toEqual([bytes, bytes]);
});
