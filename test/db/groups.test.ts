// Groups of a destination, as its receiver sees them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateDestination } from "#server/contracts/destination.ts";
import { newId } from "#server/ids.ts";
import { pauseConnection, unpauseConnection, updateConnection } from "#server/resources/connections.ts";
import { pauseGroup } from "#server/resources/destination-groups.ts";
import { createDestination, updateDestination } from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import {
  allDelivered,
  BY_CUSTOMER,
  type Config,
  customerOf,
  flood,
  makeGrouped,
  received,
  sendMany,
  statuses,
} from "#test/support/grouped.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { busiestWindow } from "#test/support/rolling-window.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const BATCH_MS = 100;
const AT_ONCE = 10;
test.each([
  { limits: "no limit", groups: BY_CUSTOMER },
  { limits: "a rate for each value", groups: { ...BY_CUSTOMER, rate_limit: 10, rate_limit_period: "second" as const } },
  { limits: "a concurrency for each value", groups: { ...BY_CUSTOMER, concurrency: 2 } },
])(
  "a flood of 20,000 of one value delays another's event by less than a second and a batch: $limits",
  async ({ groups }) => {
    await using receiver = await startReceiver(() => pause(BATCH_MS).then(() => ({})));
    const branch = await makeGrouped(world, receiver, groups, { concurrency: AT_ONCE });
    await branch.send({ customer_id: "noisy" });
    await flood(world, branch, 20_000);
    await receiver.received(15);
    for (let n = 0; n < 3; n++) {
      await branch.send({ customer_id: `quiet ${n}` });
      const before = receiver.receipts.length;
      const [receipt] = await eventually(
        async () => received(receiver, `quiet ${n}`),
        ({ length }) => length === 1,
      );
      // In a second and a batch the receiver takes so many at most, on a machine that is idle.
      const most = (AT_ONCE * (1_000 + BATCH_MS)) / BATCH_MS;
      expect((receipt ? receiver.receipts.indexOf(receipt) : Number.POSITIVE_INFINITY) - before).toBeLessThan(most);
    }
  },
);

describe("limits", () => {
  test("hold for each value by itself, in every rolling second, and an override for its own", async () => {
    await using receiver = await startReceiver();
    const groups = {
      ...BY_CUSTOMER,
      rate_limit: 10,
      rate_limit_period: "second" as const,
      overrides: { small: { rate_limit: 3 }, free: { rate_limit: null } },
    };
    const branch = await makeGrouped(world, receiver, groups);
    await pauseConnection(world.ctx, { id: branch.id });
    const sent = { one: 25, two: 25, small: 7, free: 60 };
    for (const [customer, count] of Object.entries(sent)) await sendMany(branch, customer, count);
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 117,
    );
    const startedAtMs = Date.now();
    await unpauseConnection(world.ctx, { id: branch.id });
    await allDelivered(world, branch, 117);
    const times = (customer: string) => received(receiver, customer).map(({ atMs }) => atMs);
    for (const customer of ["one", "two"]) {
      expect(busiestWindow(times(customer), 1_000)).toBeLessThanOrEqual(10);
      expect(busiestWindow(times(customer), 1_000)).toBeGreaterThan(7);
    }
    expect(busiestWindow(times("small"), 1_000)).toBeLessThanOrEqual(3);
    expect(Math.max(...times("free")) - startedAtMs).toBeLessThan(2_000);
  });

  test("of concurrency are never exceeded by a value, and leave room for the others", async () => {
    const onWire = new Map<string, number>();
    const most = new Map<string, number>();
    await using receiver = await startReceiver(async (receipt) => {
      const customer = customerOf(receipt);
      const now = (onWire.get(customer) ?? 0) + 1;
      onWire.set(customer, now);
      most.set(customer, Math.max(most.get(customer) ?? 0, now));
      await pause(20);
      onWire.set(customer, (onWire.get(customer) ?? 0) - 1);
      return {};
    });
    const groups = { ...BY_CUSTOMER, concurrency: 2, overrides: { wide: { concurrency: 5 } } };
    const branch = await makeGrouped(world, receiver, groups, { concurrency: 12 });
    for (const customer of ["one", "two", "wide"]) await sendMany(branch, customer, 30);
    await allDelivered(world, branch, 90);
    expect(Object.fromEntries(most)).toEqual({ one: 2, two: 2, wide: 5 });
  });

  test("of rate are known to the lane that takes over", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(world, receiver, { ...BY_CUSTOMER, rate_limit: 3, rate_limit_period: "minute" });
    await sendMany(branch, "one", 3);
    await allDelivered(world, branch, 3);
    await eventually(
      async () => world.worker.lanes.running(),
      (lanes) => lanes === 0,
    );
    await sendMany(branch, "one", 2);
    await branch.send({ customer_id: "two" });
    await eventually(
      async () => received(receiver, "two"),
      ({ length }) => length === 1,
    );
    await pause(300);
    expect(received(receiver, "one")).toHaveLength(3);
  });

  test("hold at a destination that keeps an order as well", async () => {
    await using receiver = await startReceiver();
    const branch = await makeGrouped(
      world,
      receiver,
      { ...BY_CUSTOMER, rate_limit: 5, rate_limit_period: "second" },
      { ordering: "by_key", ordering_key: "body.n" },
    );
    await sendMany(branch, "one", 12);
    await sendMany(branch, "two", 4);
    await allDelivered(world, branch, 16);
    const times = received(receiver, "one").map(({ atMs }) => atMs);
    expect(busiestWindow(times, 1_000)).toBeLessThanOrEqual(5);
  });
});

test("requests without the value are one group, also those that have null there", async () => {
  await using receiver = await startReceiver();
  const branch = await makeGrouped(world, receiver, BY_CUSTOMER);
  await pauseGroup(world.ctx, { id: branch.destinationId, value: "" });
  await world.worker.config.upToDate();
  await branch.send({ other: 1 });
  await branch.send({ customer_id: "one" });
  await receiver.received(1);
  await eventually(
    () => statuses(world, branch),
    (all) => all.includes("HOLD") && all.includes("DELIVERED"),
  );
  expect(receiver.receipts.map(customerOf)).toEqual(["one"]);
});

test("when the key changes, what waits goes by the new one", async () => {
  await using receiver = await startReceiver();
  const branch = await makeGrouped(world, receiver, { ...BY_CUSTOMER, overrides: { one: { paused: true } } });
  await branch.send({ customer_id: "one", region: "north" });
  await branch.send({ customer_id: "one", region: "south" });
  await eventually(
    () => statuses(world, branch),
    (all) => all.length === 2 && all.every((status) => status === "HOLD"),
  );
  const groups = { key: "body.region", overrides: { north: { paused: true } } };
  await updateDestination(world.ctx, { id: branch.destinationId, config: { groups } });
  await receiver.received(1);
  await eventually(
    () => statuses(world, branch),
    (all) => all.includes("HOLD") && all.includes("DELIVERED"),
  );
  expect(receiver.receipts.map(({ body }) => JSON.parse(body.toString()).region)).toEqual(["south"]);
});

describe.each([
  { at: "any destination", config: {} },
  { at: "one that keeps an order", config: { ordering: "by_key", ordering_key: "body.n" } as const },
])("an event that had ended when the key was set, sent again at $at,", ({ config }) => {
  test("is of its group", async () => {
    await using receiver = await startReceiver(() => ({ status: 500 }));
    const branch = await makeGrouped(world, receiver, null, { ...config, on_order_failure: "skip" });
    const retry = { type: "retry", strategy: "linear", interval: 1_000, count: 0 } as const;
    await updateConnection(world.ctx, { id: branch.id, rules: [retry] });
    await world.worker.config.upToDate();
    await branch.send({ customer_id: "one", n: 1 });
    const [failed] = await eventually(
      () => world.events(branch.id),
      ([event]) => event?.status === "FAILED",
    );
    await updateDestination(world.ctx, { id: branch.destinationId, config: { groups: BY_CUSTOMER } });
    await pauseGroup(world.ctx, { id: branch.destinationId, value: "one" });
    await branch.send({ customer_id: "two", n: 2 });
    await receiver.received(2);
    await retryEvent(world.ctx, { id: failed?.id ?? "" });
    const [held] = await eventually(
      () => world.events(branch.id),
      ([event]) => event?.status === "HOLD",
    );
    expect(held).toMatchObject({ id: failed?.id, hold_reason: "group_paused" });
    expect(received(receiver, "one")).toHaveLength(1);
  });
});

describe("bad settings", () => {
  const refused = (config: Config, type: CreateDestination["type"] = "HTTP") =>
    createDestination(world.ctx, { name: `bad-${newId("destination", Date.now())}`, type, config }).then(
      () => "nothing was refused",
      (error: { issues?: { path: string; message: string }[] }) => error.issues?.[0],
    );
  const url = "http://127.0.0.1:1024/";

  test.each([
    ["config.groups.key", { url, groups: { rate_limit: 5 } }],
    ["config.groups.key", { url, groups: { key: "customer" } }],
    ["config.groups.rate_limit", { url, groups: { ...BY_CUSTOMER, rate_limit: 0 } }],
    [
      "config.groups.overrides.one.concurrency",
      { url, groups: { ...BY_CUSTOMER, overrides: { one: { concurrency: 0 } } } },
    ],
  ] as [string, Config][])("are refused at their field, %s", async (path, config) => {
    expect(await refused(config)).toMatchObject({ path, message: expect.stringMatching(/\w{3}/) });
  });

  test("are refused where the type has no groups", async () => {
    expect(await refused({ groups: BY_CUSTOMER }, "MOCK")).toMatchObject({ path: "config.groups" });
  });

  test("are refused for a group whose value no record can have as its key, which would stay as it was", async () => {
    await using receiver = await startReceiver();
    const { destinationId: id } = await makeGrouped(world, receiver, BY_CUSTOMER);
    await expect(pauseGroup(world.ctx, { id, value: "__proto__" })).rejects.toMatchObject({
      issues: [{ path: "config.groups.overrides", message: "Leave out the key __proto__: it cannot be stored." }],
    });
  });

  test("of a group are refused where the destination has none", async () => {
    const { id } = await createDestination(world.ctx, { name: "ungrouped", config: { url } });
    await expect(pauseGroup(world.ctx, { id, value: "one" })).rejects.toMatchObject({
      issues: [{ path: "value", message: expect.stringContaining("config.groups.key") }],
    });
  });
});
