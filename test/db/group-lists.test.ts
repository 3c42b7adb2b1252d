// Groups of a destination in the lists, in operations on all that match, and in what waits.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ListAttempts } from "#server/contracts/attempt.ts";
import { CancelEvents, RetryEvents } from "#server/contracts/bulk.ts";
import { ListEvents } from "#server/contracts/event.ts";
import { listAttempts } from "#server/resources/attempts.ts";
import { cancelEvents, retryEvents } from "#server/resources/bulk.ts";
import { listGroups, resumeGroup } from "#server/resources/destination-groups.ts";
import { listEvents } from "#server/resources/events.ts";
import { allDelivered, BY_CUSTOMER, makeGrouped, received, sendMany, statuses } from "#test/support/grouped.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("one group", () => {
  test("is found in the lists of events and attempts, and is told of each event", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(world, receiver, BY_CUSTOMER);
    await branch.send({ customer_id: "a,b" });
    await sendMany(branch, "one", 2);
    await sendMany(branch, "two", 1);
    await allDelivered(world, branch, 4);
    const filter = { connection_id: [branch.id], limit: 50 };
    const found = await listEvents(world.ctx, ListEvents.parse({ ...filter, group: "one" }));
    expect(found.data.map(({ group }) => group)).toEqual(["one", "one"]);
    const attempts = await listAttempts(world.ctx, ListAttempts.parse({ ...filter, group: ["two", "a,b"] }));
    expect(attempts.data).toHaveLength(2);
    const all = await listEvents(world.ctx, ListEvents.parse(filter));
    expect(all.data.map(({ group }) => group).sort()).toEqual(["a,b", "one", "one", "two"]);
  });

  test("is cancelled, and retried, by an operation on all that match", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(world, receiver, { ...BY_CUSTOMER, overrides: { one: { paused: true } } });
    await sendMany(branch, "one", 3);
    await sendMany(branch, "two", 2);
    await eventually(
      () => statuses(world, branch),
      (all) => all.filter((status) => status === "HOLD").length === 3 && all.includes("DELIVERED"),
    );
    await cancelEvents(world.ctx, CancelEvents.parse({ from: "now-1h", connection_id: [branch.id], group: "one" }));
    await eventually(
      () => statuses(world, branch),
      (all) => all.filter((status) => status === "CANCELLED").length === 3,
    );
    await resumeGroup(world.ctx, { id: branch.destinationId, value: "one" });
    await retryEvents(world.ctx, RetryEvents.parse({ from: "now-1h", connection_id: [branch.id], group: "one" }));
    await eventually(
      async () => received(receiver, "one"),
      ({ length }) => length === 3,
    );
    expect(received(receiver, "two")).toHaveLength(2);
  });

  test("is listed with what waits of it, the longest queue first, also where it is paused and nothing waits", async () => {
    await using receiver = await startReceiver("hang");
    const overrides = { idle: { paused: true }, held: { paused: true } };
    const branch = await makeGrouped(
      world,
      receiver,
      { ...BY_CUSTOMER, overrides },
      { concurrency: 1, timeout_ms: 60_000 },
    );
    await sendMany(branch, "held", 2);
    await eventually(
      () => statuses(world, branch),
      (all) => all.length === 2 && all.every((status) => status === "HOLD"),
    );
    await sendMany(branch, "noisy", 4);
    await branch.send({ customer_id: "quiet" });
    const ids = await eventually(
      () => listGroups(world.ctx, { id: branch.destinationId }),
      ({ data }) => data.length === 4 && data.some(({ held_count }) => held_count === 2),
    );
    expect(
      ids.data.map(({ value, queued_count, held_count, is_paused }) => [value, queued_count, held_count, is_paused]),
    ).toEqual([
      ["noisy", 4, 0, false],
      ["held", 0, 2, true],
      ["quiet", 1, 0, false],
      ["idle", 0, 0, true],
    ]);
    expect(ids.is_partial).toBe(false);
  });
});
