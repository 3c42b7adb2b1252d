import { afterAll, beforeAll, expect, test } from "vitest";
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
