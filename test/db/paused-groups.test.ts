// Groups of a destination that are paused, as its receiver sees them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pauseGroup, resumeGroup } from "#server/resources/destination-groups.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import { allDelivered, BY_CUSTOMER, makeGrouped, received, sendMany, statuses } from "#test/support/grouped.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

interface HeldRow {
  status: string;
  moves: object[] | null;
  why: object[];
}

describe("a group that is paused", () => {
  test("gets nothing, and says why; the others go on, and it does when it is resumed", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(world, receiver, BY_CUSTOMER);
    const id = branch.destinationId;
    await pauseGroup(world.ctx, { id, value: "one" });
    await world.worker.config.upToDate();
    await sendMany(branch, "one", 5);
    await sendMany(branch, "two", 5);
    await receiver.received(5);
    const held = await eventually(
      () => world.events(branch.id),
      (rows) => rows.filter(({ status }) => status === "HOLD").length === 5,
    );
    expect(held.filter(({ status }) => status === "HOLD").map((event) => event.hold_reason)).toEqual(
      Array.from({ length: 5 }, () => "group_paused"),
    );
    expect(received(receiver, "one")).toEqual([]);
    const resumed = await resumeGroup(world.ctx, { id, value: "one" });
    expect(resumed.config).toMatchObject({ groups: { overrides: {} } });
    await allDelivered(world, branch, 10);
    expect(received(receiver, "one")).toHaveLength(5);
  });

  test("costs no lane a turn: its events are held as they are routed, and as they are sent again", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(world, receiver, BY_CUSTOMER);
    const id = branch.destinationId;
    await sendMany(branch, "one", 1);
    const [delivered] = await allDelivered(world, branch, 1).then(() => world.events(branch.id));
    await pauseGroup(world.ctx, { id, value: "one" });
    await world.worker.config.upToDate();
    await sendMany(branch, "one", 3);
    const rows = await eventually(
      () =>
        world.all<HeldRow>("select status, moves, why from event where connection_id = $1 order by id", [branch.id]),
      ({ length }) => length === 4,
    );
    for (const { status, moves, why } of rows.slice(1)) {
      expect({ status, moves, last: why.at(-1) }).toMatchObject({
        ...{ status: "HOLD", moves: null },
        last: { step: "hold", outcome: "held", reason: "group_paused" },
      });
    }
    const again = await retryEvent(world.ctx, { id: delivered?.id ?? "" });
    expect(again).toMatchObject({ status: "HOLD", hold_reason: "group_paused" });
    await resumeGroup(world.ctx, { id, value: "one" });
    await allDelivered(world, branch, 4);
    expect(receiver.receipts).toHaveLength(5);
  });

  test("loses nothing and holds nothing for ever, paused and resumed while its events come", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(world, receiver, BY_CUSTOMER);
    const id = branch.destinationId;
    const sent: Promise<string>[] = [];
    for (let n = 0; n < 12; n++) {
      const isPause = n % 2 === 0;
      const switched = (isPause ? pauseGroup : resumeGroup)(world.ctx, { id, value: "one" });
      for (let i = 0; i < 20; i++) sent.push(branch.send({ customer_id: "one", n: sent.length }));
      await Promise.all([switched, ...sent.slice(-20)]);
    }
    await allDelivered(world, branch, sent.length);
    expect(receiver.receipts).toHaveLength(sent.length);
  });

  test("is released by any change that ends its pause, and keeps its other limits", async () => {
    await using receiver = await startReceiver();
    const overrides = { one: { concurrency: 3, paused: true } };
    const branch = await makeGrouped(world, receiver, { ...BY_CUSTOMER, overrides });
    await branch.send({ customer_id: "one" });
    await eventually(
      () => statuses(world, branch),
      ([status]) => status === "HOLD",
    );
    const { config } = await resumeGroup(world.ctx, { id: branch.destinationId, value: "one" });
    expect(config).toMatchObject({ groups: { overrides: { one: { concurrency: 3 } } } });
    await allDelivered(world, branch, 1);
    await pauseGroup(world.ctx, { id: branch.destinationId, value: "one" });
    await branch.send({ customer_id: "one" });
    await eventually(
      () => statuses(world, branch),
      (all) => all.includes("HOLD"),
    );
    await updateDestination(world.ctx, { id: branch.destinationId, config: { groups: null } });
    await allDelivered(world, branch, 2);
  });
});
