// Debug copies: an event once more at another destination, which is nobody's delivery.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelEvents, RetryEvents } from "#server/contracts/bulk.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import * as bulk from "#server/resources/bulk.ts";
import { deleteConnection } from "#server/resources/connections.ts";
import {
  createDestination,
  deleteDestination,
  disableDestination,
  enableDestination,
  updateDestination,
} from "#server/resources/destinations.ts";
import { cancelEvent, getEvent, listEvents, retryEvent } from "#server/resources/events.ts";
import { resendEvent } from "#server/resources/resend-event.ts";
import { type Branch, makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
const destination = (config: Record<string, unknown>, type: "HTTP" | "MOCK" = "HTTP") =>
  createDestination(world.ctx, { name: `debug-${++made}`, type, config });
const eventOf = async (branch: Branch) => {
  const [event] = await eventually(
    () => world.events(branch.id),
    (events) => events.length === 1 && events[0]?.status === "DELIVERED",
  );
  return event?.id ?? "";
};
const untilStatus = (id: string, status: string) =>
  eventually(
    () => getEvent(world.ctx, { id }),
    (event) => event.status === status,
  );

describe("a debug copy", () => {
  test("brings what the event brought, signed by the other destination, and leaves the event as it was", async () => {
    await using receiver = await startReceiver();
    await using debug = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    const body = '{"amount": 10000000000000000001, "who" : "Zoë"}';
    expect((await branch.post(body, { "x-own": "yes" }, "/paid?n=1")).status).toBe(200);
    const id = await eventOf(branch);
    const before = await getEvent(world.ctx, { id });
    const { id: destination_id } = await destination({ url: debug.url });
    const copy = await resendEvent(world.ctx, { id, destination_id });
    expect(copy).toMatchObject({
      ...{ resent_from: id, destination_id, connection_id: "debug_copy", trigger: "MANUAL", status: "QUEUED" },
      ...{ request_id: before.request_id, source_id: before.source_id, dead_letter_of: null },
    });
    await debug.received(1);
    const [receipt] = debug.receipts;
    expect(receipt?.body.toString()).toBe(body);
    expect(receipt?.url).toBe("/hook/paid?n=1");
    expect(receipt?.headers).toMatchObject({
      "x-own": "yes",
      "webhook-id": copy.id,
      "x-switchyard-trigger": "MANUAL",
      "webhook-signature": expect.stringMatching(/^v1,/),
    });
    const told = await untilStatus(copy.id, "DELIVERED");
    expect(told.why[0]).toEqual({ step: "debug_copy", outcome: "sent_elsewhere", event_id: id });
    expect(await getEvent(world.ctx, { id })).toEqual(before);
    expect(receiver.receipts).toHaveLength(1);
    const listed = await listEvents(world.ctx, {
      request_id: [before.request_id],
      limit: 10,
      order_by: "created_at",
      dir: "desc",
    } as never);
    expect(listed.data.map((event) => event.resent_from)).toEqual(expect.arrayContaining([null, id]));
  });

  test("is sent once and told to no dead letter destination, counts for no connection, and is no event to replay", async () => {
    await using receiver = await startReceiver();
    await using debug = await startReceiver(() => ({ status: 500 }));
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({ n: 1 });
    const id = await eventOf(branch);
    const letters = await destination({}, "MOCK");
    const retry = { strategy: "linear", interval: 1_000, count: 5 };
    const to = await destination({ url: debug.url, retry, dead_letter_destination_id: letters.id });
    const copy = await resendEvent(world.ctx, { id, destination_id: to.id });
    expect(await untilStatus(copy.id, "FAILED")).toMatchObject({ attempts: 1, ended_because: "exhausted" });
    expect(debug.receipts).toHaveLength(1);
    expect(await world.all("select from dead_letter")).toEqual([]);
    const counted = await world.all<{ connection_id: string }>(
      "select distinct connection_id from rollup_minute where destination_id = $1",
      [to.id],
    );
    expect(counted.map(({ connection_id }) => connection_id)).toEqual(["debug_copy"]);
    expect(await correctBranchCounts(world.pool)).toEqual([]);
    await expect(retryEvent(world.ctx, { id: copy.id })).rejects.toThrow(
      `This is a debug copy, which is sent once: send another one of the event ${id}.`,
    );
    const plan = await bulk.planEventsRetry(world.ctx, RetryEvents.parse({ from: "now-1h", id: [copy.id, id] }));
    expect(plan).toMatchObject({ count: 1, skipped: { debug_copy: 1 } });
  });

  test("does not care for its event's connection, waits where its destination is held, and can be cancelled", async () => {
    await using receiver = await startReceiver();
    await using debug = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({ n: 1 });
    const id = await eventOf(branch);
    await deleteConnection(world.ctx, { id: branch.id });
    const window = { kind: "once", from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" };
    const lasting = {
      ...window,
      from: new Date(Date.now() - 60_000).toISOString(),
      until: new Date(Date.now() + 600_000).toISOString(),
    };
    const to = await destination({ url: debug.url, maintenance_windows: [lasting] });
    const [first, second] = [
      await resendEvent(world.ctx, { id, destination_id: to.id }),
      await resendEvent(world.ctx, { id, destination_id: to.id }),
    ];
    await untilStatus(first.id, "HOLD");
    await untilStatus(second.id, "HOLD");
    const input = CancelEvents.parse({ from: "now-1h", id: [second.id] });
    expect(await bulk.planEventsCancel(world.ctx, input)).toMatchObject({ count: 1 });
    await cancelEvent(world.ctx, { id: second.id });
    await updateDestination(world.ctx, { id: to.id, config: { maintenance_windows: [] } });
    // It is released when the window is over, and not ended because its connection is gone.
    await untilStatus(first.id, "DELIVERED");
    expect(debug.receipts).toHaveLength(1);
    expect(await getEvent(world.ctx, { id: second.id })).toMatchObject({ status: "CANCELLED" });
    await disableDestination(world.ctx, { id: to.id });
    await expect(resendEvent(world.ctx, { id, destination_id: to.id })).rejects.toMatchObject({ code: "CONFLICT" });
    await enableDestination(world.ctx, { id: to.id });
    expect(await deleteDestination(world.ctx, { id: to.id })).toEqual({ id: to.id });
  });
});

describe("no copy goes", () => {
  test("to a destination of another team, to one that keeps an order, or of an event that there is not", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({ n: 1 });
    const id = await eventOf(branch);
    await world.all("insert into team (id, name) values ('tm_other', 'Other')");
    await world.all(
      "insert into destination (id, team_id, name, type, config) values ('des_foreign', 'tm_other', 'foreign', 'MOCK', '{}')",
    );
    const count = async () => (await world.all("select from event")).length;
    const before = await count();
    for (const destination_id of ["des_foreign", "des_nowhere"]) {
      await expect(resendEvent(world.ctx, { id, destination_id })).rejects.toThrow(
        `destination_id: There is no destination with the id ${destination_id}`,
      );
    }
    const ordered = await destination({ url: receiver.url, ordering: "fifo" });
    await expect(resendEvent(world.ctx, { id, destination_id: ordered.id })).rejects.toThrow("keeps an order");
    const mock = await destination({}, "MOCK");
    await expect(resendEvent(world.ctx, { id: "evt_none", destination_id: mock.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const foreign = { ...world.ctx, teamId: "tm_other" };
    await expect(resendEvent(foreign, { id, destination_id: "des_foreign" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await count()).toBe(before);
  });
});
