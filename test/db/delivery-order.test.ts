// Order at a destination, as its receiver sees it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CreateConnection } from "#server/contracts/connection.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { updateDestination } from "#server/resources/destinations.ts";
import { cancelEvent, getEvent, retryEvent } from "#server/resources/events.ts";
import { getOrder } from "#server/resources/order.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { type Receipt, type Receiver, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const BY_KEY = { ordering: "by_key", ordering_key: "body.key" } as const;
const NO_RETRY: CreateConnection["rules"] = [
  { type: "retry", strategy: "linear", interval: 1_000, count: 1, response_status_codes: ["599"] },
];

const bodyOf = ({ body }: Receipt): { key?: string; n: number } => JSON.parse(body.toString());
const received = ({ receipts }: Receiver, key?: string): number[] =>
  receipts
    .map(bodyOf)
    .filter((body) => key === undefined || body.key === key)
    .map(({ n }) => n);
const settled = (branch: Branch, count: number) =>
  eventually(
    () => world.events(branch.id),
    (rows) => rows.length === count && rows.every(({ status }) => status === "DELIVERED"),
  );
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("fifo", () => {
  test("sends one event at a time, in the order in which the requests came", async () => {
    let onWire = 0;
    let most = 0;
    await using receiver = await startReceiver(async () => {
      most = Math.max(most, ++onWire);
      await new Promise((resolve) => setTimeout(resolve, 2));
      onWire--;
      return {};
    });
    const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "fifo" } });
    for (const n of upTo(30)) await branch.send({ n });
    await receiver.received(30);
    expect(received(receiver)).toEqual(upTo(30));
    expect(most).toBe(1);
    await settled(branch, 30);
    expect(await world.all("select * from order_line where destination_id = $1", [branch.destinationId])).toEqual([]);
  });

  test("keeps a failed event at the head until its retry has succeeded", async () => {
    await using receiver = await startReceiver((_, index) => ({ status: index < 2 ? 500 : 200 }));
    const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 5 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "fifo" }, rules });
    for (const n of upTo(5)) await branch.send({ n });
    await receiver.received(7);
    expect(received(receiver)).toEqual([0, 0, 0, 1, 2, 3, 4]);
    await settled(branch, 5);
  });
});

describe("by key", () => {
  test("keeps the order of each key and holds up no other key", async () => {
    await using receiver = await startReceiver((receipt) => (bodyOf(receipt).key === "stuck" ? "hang" : {}));
    const branch = await makeBranch(world, { to: { url: receiver.url, ...BY_KEY } });
    await branch.send({ key: "stuck", n: 0 });
    await branch.send({ key: "stuck", n: 1 });
    for (const n of upTo(40)) await branch.send({ key: `k${n % 4}`, n });
    await receiver.received(41);
    expect(received(receiver, "stuck")).toEqual([0]);
    for (const key of ["k0", "k1", "k2", "k3"]) {
      expect(received(receiver, key)).toEqual(upTo(40).filter((n) => `k${n % 4}` === key));
    }
  });

  test("gives requests without the key one line", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url, ...BY_KEY } });
    for (const n of upTo(5)) await branch.send({ n });
    await receiver.received(5);
    expect(received(receiver)).toEqual(upTo(5));
    const rows = await world.all<{ order_key: string }>(
      "select distinct order_key from event where connection_id = $1",
      [branch.id],
    );
    expect(rows).toEqual([{ order_key: expect.stringMatching(/^k[0-9a-f]{8}$/) }]);
  });
});

describe("an event that has failed for good", () => {
  const failing = (receipt: Receipt) => ({ status: bodyOf(receipt).n === 0 ? 500 : 200 });

  test("blocks its key: later ones are held, and go on when it is delivered by hand", async () => {
    let status = 500;
    await using receiver = await startReceiver((receipt) => ({ status: bodyOf(receipt).n === 0 ? status : 200 }));
    const branch = await makeBranch(world, { to: { url: receiver.url, ...BY_KEY }, rules: NO_RETRY });
    for (const n of upTo(3)) await branch.send({ key: "a", n });
    await branch.send({ key: "b", n: 7 });
    const rows = await eventually(
      () => world.events(branch.id),
      (events) => events.filter(({ status: state }) => state === "HOLD").length === 2,
    );
    const head = rows.find(({ status: state }) => state === "FAILED");
    expect(head?.ended_because).not.toBe("skipped_in_order");
    expect(rows.filter(({ status: state }) => state === "HOLD").map((row) => row.hold_reason)).toEqual([
      "waits_for_order",
      "waits_for_order",
    ]);
    const waiting = rows.find(({ status: state }) => state === "HOLD");
    expect(await getEvent(world.ctx, { id: waiting?.id ?? "" })).toMatchObject({
      order_value: "a",
      waits_for: { id: head?.id, status: "FAILED" },
    });
    await branch.send({ key: "a", n: 3 });
    await eventually(
      () => world.events(branch.id),
      (events) => events.filter(({ status: state }) => state === "HOLD").length === 3,
    );
    const stuck = { order_value: "a", waiting: 3, head: { id: head?.id, status: "FAILED", hold_reason: null } };
    const order = await getOrder(world.ctx, { id: branch.destinationId });
    expect(order).toMatchObject({ keys: 1, longest: { order_value: "a", waiting: 3 }, is_at_least: false });
    expect(order).toMatchObject({ blocked: [stuck], blocked_keys: 1 });
    const other = { ...world.ctx, teamId: "tm_other" };
    await expect(getOrder(other, { id: branch.destinationId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    status = 200;
    await retryEvent(world.ctx, { id: head?.id ?? "" });
    await settled(branch, 5);
    expect(received(receiver, "a")).toEqual([0, 0, 1, 2, 3]);
    const now = await eventually(
      () => getOrder(world.ctx, { id: branch.destinationId }),
      ({ keys }) => keys === 0,
    );
    expect(now).toEqual({ keys: 0, longest: null, blocked_keys: 0, blocked: [], is_at_least: false });
  });

  test("lets later ones go on when it is cancelled", async () => {
    await using receiver = await startReceiver(failing);
    const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "fifo" }, rules: NO_RETRY });
    for (const n of upTo(3)) await branch.send({ n });
    const rows = await eventually(
      () => world.events(branch.id),
      (events) => events.filter(({ status }) => status === "HOLD").length === 2,
    );
    const head = rows.find(({ status }) => status === "FAILED");
    expect(await cancelEvent(world.ctx, { id: head?.id ?? "" })).toMatchObject({
      status: "CANCELLED",
      ended_because: null,
    });
    await receiver.received(3);
    expect(received(receiver)).toEqual(upTo(3));
  });

  test("is passed over where the destination says so, also by a destination that said so later", async () => {
    await using receiver = await startReceiver(failing);
    const to = { url: receiver.url, ordering: "fifo", on_order_failure: "skip" } as const;
    const skipping = await makeBranch(world, { to, rules: NO_RETRY });
    for (const n of upTo(3)) await skipping.send({ n });
    await receiver.received(3);
    const [first] = await world.events(skipping.id);
    expect(first).toMatchObject({ status: "FAILED", ended_because: "skipped_in_order", response_status: 500 });

    await using other = await startReceiver(failing);
    const blocking = await makeBranch(world, { to: { url: other.url, ordering: "fifo" }, rules: NO_RETRY });
    for (const n of upTo(3)) await blocking.send({ n });
    await eventually(
      () => world.events(blocking.id),
      (events) => events.filter(({ status }) => status === "HOLD").length === 2,
    );
    await updateDestination(world.ctx, { id: blocking.destinationId, config: { on_order_failure: "skip" } });
    await other.received(3);
    expect(received(other)).toEqual(upTo(3));
  });
});

test("letters of what has failed for good go out in order too", async () => {
  await using receiver = await startReceiver();
  const to = { url: receiver.url, ...BY_KEY };
  const letters = await makeBranch(world, { to });
  await using failing = await startReceiver({ status: 500 });
  const dead_letter_destination_id = letters.destinationId;
  const branch = await makeBranch(world, { to: { url: failing.url, dead_letter_destination_id }, rules: NO_RETRY });
  for (const n of upTo(3)) await branch.send({ n });
  await receiver.received(3);
  const keys = "select distinct order_key from event where destination_id = $1";
  await letters.send({ n: 3 });
  await receiver.received(4);
  expect(await world.all(keys, [letters.destinationId])).toHaveLength(1);
});

describe("a pause", () => {
  test("of one connection makes later events of its line wait, whichever connection they come by", async () => {
    await using receiver = await startReceiver();
    const one = await makeBranch(world, { to: { url: receiver.url, ordering: "fifo" } });
    const two = await makeBranch(world, { into: one.destinationId });
    await pauseConnection(world.ctx, { id: one.id });
    await one.send({ n: 0 });
    await eventually(
      () => world.events(one.id),
      ([row]) => row?.status === "HOLD",
    );
    await two.send({ n: 1 });
    await eventually(
      () => world.events(two.id),
      ([row]) => row?.hold_reason === "waits_for_order",
    );
    expect(receiver.receipts).toEqual([]);
    await unpauseConnection(world.ctx, { id: one.id });
    await receiver.received(2);
    expect(received(receiver)).toEqual([0, 1]);
  });
});

describe("a change of the order", () => {
  test("sorts what waits, and nothing is sent twice", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await pauseConnection(world.ctx, { id: branch.id });
    for (const n of upTo(20)) await branch.send({ key: `k${n % 2}`, n });
    await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 20 && rows.every(({ status }) => status === "HOLD"),
    );
    await updateDestination(world.ctx, { id: branch.destinationId, config: BY_KEY });
    const keys = () => world.all("select distinct order_key from event where connection_id = $1", [branch.id]);
    await eventually(keys, (rows) => rows.length === 2);
    await updateDestination(world.ctx, { id: branch.destinationId, config: { ordering: "fifo" } });
    await eventually(keys, (rows) => rows.length === 1);
    await unpauseConnection(world.ctx, { id: branch.id });
    await receiver.received(20);
    expect(received(receiver)).toEqual(upTo(20));
    await settled(branch, 20);
    expect(receiver.receipts).toHaveLength(20);
  });

  test("leaves nothing behind that had failed before and is sent again", async () => {
    await using receiver = await startReceiver((_, index) => ({ status: index === 0 ? 500 : 200 }));
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: NO_RETRY });
    await branch.send({ key: "a", n: 0 });
    const [failed] = await eventually(
      () => world.events(branch.id),
      ([event]) => event?.status === "FAILED",
    );
    await updateDestination(world.ctx, { id: branch.destinationId, config: BY_KEY });
    await branch.send({ key: "b", n: 1 });
    await receiver.received(2);
    await retryEvent(world.ctx, { id: failed?.id ?? "" });
    await settled(branch, 2);
    expect(received(receiver)).toEqual([0, 1, 0]);
  });

  test("to none lets go what waited for order", async () => {
    await using receiver = await startReceiver((receipt) => ({ status: bodyOf(receipt).n === 0 ? 500 : 200 }));
    const branch = await makeBranch(world, { to: { url: receiver.url, ordering: "fifo" }, rules: NO_RETRY });
    for (const n of upTo(4)) await branch.send({ n });
    await eventually(
      () => world.events(branch.id),
      (events) => events.filter(({ status }) => status === "HOLD").length === 3,
    );
    await updateDestination(world.ctx, { id: branch.destinationId, config: { ordering: "none" } });
    await receiver.received(4);
    await eventually(
      () => world.events(branch.id),
      (events) => events.filter(({ status }) => status === "DELIVERED").length === 3,
    );
    expect(await world.all("select * from order_line where destination_id = $1", [branch.destinationId])).toEqual([]);
  });
});

test("settings that do not fit each other are refused with the remedy", async () => {
  const branch = await makeBranch(world, {});
  const change = (config: object) => updateDestination(world.ctx, { id: branch.destinationId, config });
  await expect(change({ ordering: "by_key" })).rejects.toMatchObject({
    issues: [{ path: "config.ordering_key", message: expect.stringContaining("body.data.id") }],
  });
  await expect(change({ ordering_key: "body.id" })).rejects.toMatchObject({
    issues: [{ path: "config.ordering_key", message: expect.stringContaining("by_key") }],
  });
  await change(BY_KEY);
  expect((await change({ ordering: "fifo" })).config).toMatchObject({ ordering: "fifo", ordering_key: null });
});
