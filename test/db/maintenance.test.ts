// Maintenance windows of a destination, as its receiver sees them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { createDestination, getDestination, updateDestination } from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const lasting = (ms: number, fromMs = -60_000) => [{ kind: "once" as const, from: inMs(fromMs), until: inMs(ms) }];
const all = (branch: Branch, count: number, status: string, reason: string | null = null) =>
  eventually(
    () => world.events(branch.id),
    (events) =>
      events.length === count && events.every((event) => event.status === status && event.hold_reason === reason),
  );
const setWindows = (branch: Branch, maintenance_windows: ReturnType<typeof lasting>) =>
  updateDestination(world.ctx, { id: branch.destinationId, config: { maintenance_windows } });

describe("while a maintenance window lasts", () => {
  test("nothing is tried and no retry is spent, and after it all goes out, slowly at first", async () => {
    let [onWire, most] = [0, 0];
    await using receiver = await startReceiver(async () => {
      most = Math.max(most, ++onWire);
      await new Promise((resolve) => setTimeout(resolve, 20));
      onWire--;
      return {};
    });
    const to = {
      url: receiver.url,
      concurrency: 20,
      breaker: { ramp_ms: 600_000 },
      maintenance_windows: lasting(600_000),
    };
    const branch = await makeBranch(world, { to });
    for (let n = 0; n < 40; n++) await branch.send({ n });
    const held = await all(branch, 40, "HOLD", "maintenance");
    expect(held.every(({ attempts }) => attempts === 0)).toBe(true);
    const ending = lasting(1_000);
    await setWindows(branch, ending);
    const delivered = await all(branch, 40, "DELIVERED");
    expect(Math.min(...receiver.receipts.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(
      Date.parse(ending[0]?.until ?? ""),
    );
    expect(delivered.every(({ attempts }) => attempts === 1)).toBe(true);
    // Seconds into a ramp of ten minutes from 1 to 20.
    expect(most).toBeLessThanOrEqual(2);
    expect(await getDestination(world.ctx, { id: branch.destinationId })).toMatchObject({
      breaker: { state: "ramping", because: null, since: ending[0]?.until },
    });
  });

  test("a retry that falls due in it waits as a retry, and one that a person asks for waits too", async () => {
    await using receiver = await startReceiver((_, index) => ({ status: index === 0 ? 500 : 200 }));
    const rules = [{ type: "retry", strategy: "linear", interval: 1_000, count: 1 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    await branch.send({});
    await all(branch, 1, "RETRYING");
    await setWindows(branch, lasting(600_000));
    const [event] = await all(branch, 1, "HOLD", "maintenance");
    expect(event).toMatchObject({ attempts: 1, trigger: "AUTOMATIC" });
    await setWindows(branch, []);
    await all(branch, 1, "DELIVERED");
    await setWindows(branch, lasting(600_000));
    await retryEvent(world.ctx, { id: event?.id ?? "" });
    await all(branch, 1, "HOLD", "maintenance");
    expect(receiver.receipts).toHaveLength(2);
    await setWindows(branch, []);
    await all(branch, 1, "DELIVERED");
    expect(receiver.receipts).toHaveLength(3);
    expect((await world.attempts(event?.id ?? "")).map(({ trigger }) => trigger)).toEqual([
      ...["INITIAL", "UNPAUSE", "MANUAL"],
    ]);
  });

  test("a lane that is sending stops with its beginning, and what is on the wire finishes", async () => {
    await using receiver = await startReceiver(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return {};
    });
    const branch = await makeBranch(world, { to: { url: receiver.url, concurrency: 1 } });
    const windows = lasting(600_000, 800);
    await setWindows(branch, windows);
    await world.worker.config.upToDate();
    await Promise.all(Array.from({ length: 80 }, (_, n) => branch.send({ n })));
    await eventually(
      () => world.events(branch.id),
      (events) => events.length === 80 && events.every(({ status }) => status === "DELIVERED" || status === "HOLD"),
    );
    const beganMs = Date.parse(windows[0]?.from ?? "");
    expect(receiver.receipts.filter(({ atMs }) => atMs > beganMs + 100)).toEqual([]);
    expect((await world.events(branch.id)).some(({ status }) => status === "HOLD")).toBe(true);
  });

  test("an order holds over it, and a pause of the connection goes before it", async () => {
    await using receiver = await startReceiver();
    const to = { url: receiver.url, ordering: "fifo" as const, maintenance_windows: lasting(600_000) };
    const branch = await makeBranch(world, { to });
    const sent: string[] = [];
    for (let n = 0; n < 5; n++) sent.push(await branch.send({ n }));
    await eventually(
      () => world.events(branch.id),
      (events) => events.length === 5 && events.some(({ hold_reason }) => hold_reason === "maintenance"),
    );
    await pauseConnection(world.ctx, { id: branch.id });
    await setWindows(branch, []);
    const reasons = await eventually(
      async () => (await world.events(branch.id)).map(({ hold_reason }) => hold_reason),
      (found) => found.includes("connection_paused"),
    );
    expect(reasons).not.toContain("maintenance");
    expect(receiver.receipts).toEqual([]);
    await unpauseConnection(world.ctx, { id: branch.id });
    await receiver.received(5);
    expect(receiver.receipts.map(({ headers }) => headers["x-switchyard-request-id"])).toEqual(sent);
  });
});

describe("windows that cannot be", () => {
  const named = (name: string, maintenance_windows: unknown[]) =>
    createDestination(world.ctx, { name, type: "MOCK", config: { maintenance_windows } as never });

  test("are refused where they are saved, and nothing is half-saved", async () => {
    const week = { kind: "weekly" as const, days: ["sun" as const], start: "02:00", end: "04:00", time_zone: "UTC" };
    await expect(named("overlapping", [week, { ...week, start: "03:00", end: "05:00" }])).rejects.toThrow(
      /^config\.maintenance_windows\[1\]: It overlaps with another window \(Every Sunday 02:00–04:00 UTC\), first at /,
    );
    expect(await world.all("select from destination where name = 'overlapping'")).toEqual([]);
    const { id, config } = await named("one-window", [week]);
    expect(config.maintenance_windows).toEqual([week]);
    const twice = { id, config: { maintenance_windows: [week, week] } };
    await expect(updateDestination(world.ctx, twice)).rejects.toThrow("It overlaps");
    // A change of something else leaves them alone.
    await updateDestination(world.ctx, { id, config: { concurrency: 3 } });
    expect((await getDestination(world.ctx, { id })).config.maintenance_windows).toEqual([week]);
  });
});
