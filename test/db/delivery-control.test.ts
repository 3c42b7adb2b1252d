// What stops deliveries and what starts them again.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteConnection, pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { disableDestination, enableDestination } from "#server/resources/destinations.ts";
import { cancelEvent, retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startGate, startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const statuses = async (branch: Branch) => (await world.events(branch.id)).map(({ status }) => status);
const allOf = (branch: Branch, status: string, count: number) =>
  eventually(
    () => statuses(branch),
    (found) => found.length === count && found.every((each) => each === status),
  );
/** The sweep finds only what no lane holds, and the last lane may linger. */
const sweepUntil = (branch: Branch, status: string) =>
  eventually(
    async () => {
      await sweepOnce();
      return statuses(branch);
    },
    (found) => found.every((each) => each === status),
  );
/** Until routing has made the events: what it makes after a change at an end depends on that change. */
const routed = (branch: Branch, count: number) =>
  eventually(
    () => statuses(branch),
    (found) => found.length === count,
  );
const sweepOnce = () => {
  const { pool, config, log, lanes } = world.worker;
  return sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake });
};

describe("pause", () => {
  test("holds what is queued, lets what is on the wire finish, and drains in order afterwards", async () => {
    await using gate = await startGate();
    const branch = await makeBranch(world, { to: { url: gate.url, concurrency: 1 } });
    for (let n = 0; n < 5; n++) await branch.send({ n });
    await gate.received(1);
    await pauseConnection(world.ctx, { id: branch.id });
    await world.worker.config.upToDate();
    await branch.send({ n: 5 });
    gate.open();
    await eventually(
      () => statuses(branch),
      (found) => found.filter((status) => status === "HOLD").length === 5 && found.includes("DELIVERED"),
    );
    expect(gate.receipts).toHaveLength(1);
    expect((await world.events(branch.id)).at(-1) as unknown).toMatchObject({
      why: [{ step: "connection" }, { step: "hold", outcome: "held", reason: "connection_paused" }],
    });
    const line = await world.all<{ id: string }>(
      "select id from event where connection_id = $1 and status = 'HOLD' order by next_attempt_at, id",
      [branch.id],
    );
    await unpauseConnection(world.ctx, { id: branch.id });
    await allOf(branch, "DELIVERED", 6);
    expect(gate.receipts.slice(1).map(({ headers }) => headers["webhook-id"])).toEqual(line.map(({ id }) => id));
    for (const { id } of line) expect(await world.attempts(id)).toMatchObject([{ number: 1, trigger: "UNPAUSE" }]);
  });

  test("ends for a lane that has not heard of its end, too", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await pauseConnection(world.ctx, { id: branch.id });
    await branch.send({});
    await allOf(branch, "HOLD", 1);
    await world.worker.config.upToDate();
    // Who follows the configuration is deaf for the half second until it has connected again.
    const deafened = await world.all<{ pid: number }>(
      "select pg_terminate_backend(pid), pid from pg_stat_activity where datname = current_database() and application_name = 'switchyard listens'",
    );
    expect(deafened.length).toBeGreaterThan(0);
    await unpauseConnection(world.ctx, { id: branch.id });
    await allOf(branch, "DELIVERED", 1);
  });

  test("is felt within a second by a lane that is sending, and by no other branch of the destination", async () => {
    await using receiver = await startReceiver(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return {};
    });
    const paused = await makeBranch(world, { to: { url: receiver.url, concurrency: 2 } });
    const other = await makeBranch(world, { into: paused.destinationId });
    await Promise.all(Array.from({ length: 150 }, (_, n) => paused.send({ n })));
    await receiver.received(10);
    await pauseConnection(world.ctx, { id: paused.id });
    const pausedAtMs = Date.now();
    await other.send({});
    await allOf(other, "DELIVERED", 1);
    await eventually(
      () => statuses(paused),
      (found) => found.every((status) => status === "DELIVERED" || status === "HOLD"),
    );
    const late = receiver.receipts.filter(
      ({ atMs, headers }) => headers["x-switchyard-connection-id"] === paused.id && atMs > pausedAtMs + 1_000,
    );
    expect(late).toEqual([]);
    expect(await statuses(paused)).toContain("HOLD");
    await unpauseConnection(world.ctx, { id: paused.id });
    await allOf(paused, "DELIVERED", 150);
    expect(new Set(receiver.receipts.map(({ headers }) => headers["webhook-id"])).size).toBe(151);
    expect(receiver.receipts).toHaveLength(151);
  });
});

describe("what an unpause gives back", () => {
  test("waits for its retry as before, and a replay keeps the mark of being one", async () => {
    await using receiver = await startReceiver((_, index) => ({ status: index === 0 ? 500 : 200 }));
    const rules = [{ type: "retry", strategy: "linear", interval: 3_600_000, count: 3 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    await branch.send({});
    await allOf(branch, "RETRYING", 1);
    const eventId = (await world.events(branch.id))[0]?.id ?? "";
    await pauseConnection(world.ctx, { id: branch.id });
    await world.all("update event set next_attempt_at = now() - interval '2 seconds' where id = $1", [eventId]);
    await sweepUntil(branch, "HOLD");
    await world.all("update event set next_attempt_at = now() + interval '1 hour' where id = $1", [eventId]);
    await unpauseConnection(world.ctx, { id: branch.id });
    await allOf(branch, "RETRYING", 1);
    expect(await world.events(branch.id)).toMatchObject([{ trigger: "UNPAUSE", attempts: 1 }]);

    await pauseConnection(world.ctx, { id: branch.id });
    expect(await retryEvent(world.ctx, { id: eventId })).toMatchObject({ status: "HOLD", trigger: "MANUAL" });
    await unpauseConnection(world.ctx, { id: branch.id });
    await allOf(branch, "DELIVERED", 1);
    expect((await world.attempts(eventId)).map(({ trigger }) => trigger)).toEqual(["INITIAL", "MANUAL"]);
  });
});

describe("a disabled destination", () => {
  test("holds what was queued for it and gets it when it is enabled again", async () => {
    await using gate = await startGate();
    const branch = await makeBranch(world, { to: { url: gate.url, concurrency: 1 } });
    for (let n = 0; n < 3; n++) await branch.send({ n });
    await routed(branch, 3);
    await gate.received(1);
    await disableDestination(world.ctx, { id: branch.destinationId });
    await world.worker.config.upToDate();
    gate.open();
    await eventually(
      () => statuses(branch),
      (found) => found.filter((status) => status === "HOLD").length === 2,
    );
    await sweepOnce();
    expect((await statuses(branch)).filter((status) => status === "HOLD")).toHaveLength(2);
    await enableDestination(world.ctx, { id: branch.destinationId });
    await allOf(branch, "DELIVERED", 3);
    expect(gate.receipts).toHaveLength(3);
  });
});

describe("a deleted connection", () => {
  test("has its queued and its held events cancelled, and what is on the wire finishes", async () => {
    await using gate = await startGate();
    const busy = await makeBranch(world, { to: { url: gate.url, concurrency: 1 } });
    const held = await makeBranch(world, { into: busy.destinationId });
    for (let n = 0; n < 3; n++) await busy.send({ n });
    await routed(busy, 3);
    await gate.received(1);
    await pauseConnection(world.ctx, { id: held.id });
    for (let n = 0; n < 2; n++) await held.send({ n });
    await allOf(held, "HOLD", 2);
    await deleteConnection(world.ctx, { id: busy.id });
    await deleteConnection(world.ctx, { id: held.id });
    await world.worker.config.upToDate();
    gate.open();
    await allOf(held, "CANCELLED", 2);
    const ends = await eventually(
      () => statuses(busy),
      (found) => !found.includes("QUEUED"),
    );
    expect(ends.toSorted()).toEqual(["CANCELLED", "CANCELLED", "DELIVERED"]);
    expect(gate.receipts).toHaveLength(1);
  });

  test("leaves nothing held for ever, even what was held a moment after it was deleted", async () => {
    const branch = await makeBranch(world, {});
    await pauseConnection(world.ctx, { id: branch.id });
    await branch.send({});
    await allOf(branch, "HOLD", 1);
    await world.all("delete from connection where id = $1", [branch.id]);
    await world.worker.config.upToDate();
    await sweepOnce();
    await allOf(branch, "CANCELLED", 1);
  });
});

describe("cancel", () => {
  test("ends a held event; one that is on the wire keeps its attempt and stays cancelled", async () => {
    await using gate = await startGate();
    const branch = await makeBranch(world, { to: { url: gate.url } });
    await branch.send({});
    await gate.received(1);
    const [event] = await world.events(branch.id);
    await cancelEvent(world.ctx, { id: event?.id ?? "" });
    gate.open();
    await eventually(
      () => world.attempts(event?.id ?? ""),
      (rows) => rows.length === 1,
    );
    expect(await statuses(branch)).toEqual(["CANCELLED"]);
    await pauseConnection(world.ctx, { id: branch.id });
    await world.worker.config.upToDate();
    await branch.send({});
    const second = (
      await eventually(
        () => world.events(branch.id),
        (rows) => rows.length === 2,
      )
    ).at(-1);
    await cancelEvent(world.ctx, { id: second?.id ?? "" });
    await unpauseConnection(world.ctx, { id: branch.id });
    await branch.send({});
    await eventually(
      () => statuses(branch),
      (found) => found.includes("DELIVERED"),
    );
    expect((await statuses(branch)).toSorted()).toEqual(["CANCELLED", "CANCELLED", "DELIVERED"]);
  });
});
