import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disableConnection, updateConnection } from "#server/resources/connections.ts";
import { disableDestination } from "#server/resources/destinations.ts";
import { routeHandOffs } from "#server/routing/route-requests.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const counts = async (connectionId: string) =>
  (
    await world.all(
      `select coalesce(sum(event_count), 0)::int as events, coalesce(sum(ignored_count), 0)::int as ignored,
        coalesce(sum(hold_count), 0)::int as held from rollup_minute where connection_id = $1`,
      [connectionId],
    )
  )[0];

describe("fan-out", () => {
  test("each branch comes out on its own: fine, failing, hanging, filtered, and the answer waits for none", async () => {
    await using fine = await startReceiver();
    await using failing = await startReceiver({ status: 500 });
    await using hanging = await startReceiver("hang");
    const one = await makeBranch(world, { to: { url: fine.url } });
    const retry = { type: "retry", strategy: "linear", interval: 60_000, count: 2 } as const;
    const two = await makeBranch(world, { from: one, to: { url: failing.url }, rules: [retry] });
    const three = await makeBranch(world, { from: one, to: { url: hanging.url, timeout_ms: 1_500 }, rules: [retry] });
    const four = await makeBranch(world, { from: one, rules: [{ type: "filter", body: { type: "other" } }] });
    const requestId = await one.send({ type: "order.paid" });

    await fine.received(1);
    expect(
      await eventually(
        () => world.events(one.id),
        ([event]) => event?.status === "DELIVERED",
      ),
    ).toMatchObject([{ request_id: requestId, attempts: 1, response_status: 200, event_type: "order.paid" }]);
    await hanging.received(1);
    expect(await world.attempts((await world.events(three.id))[0]?.id ?? "")).toEqual([]);
    expect(
      await eventually(
        () => world.events(two.id),
        ([event]) => event?.status === "RETRYING",
      ),
    ).toMatchObject([{ attempts: 1, response_status: 500, error_code: "BAD_RESPONSE" }]);
    expect(
      await eventually(
        () => world.events(three.id),
        ([event]) => event?.status === "RETRYING",
      ),
    ).toMatchObject([{ attempts: 1, response_status: null, error_code: "TIMEOUT" }]);
    expect(await world.events(four.id)).toEqual([]);
    expect(await world.ignored(four.id)).toMatchObject([
      {
        request_id: requestId,
        cause: "FILTERED",
        detail: expect.stringContaining("order.paid"),
        why: [
          { step: "connection", outcome: "enabled" },
          {
            step: "filter",
            outcome: "failed",
            mismatch: { path: "body.type", expected: "other", actual: "order.paid" },
          },
        ],
      },
    ]);
    expect(await counts(one.id)).toEqual({ events: 1, ignored: 0, held: 0 });
    expect(await counts(four.id)).toEqual({ events: 0, ignored: 1, held: 0 });
  });

  test("a request that nobody takes says so, and a changed configuration is seen by the very next one", async () => {
    await using receiver = await startReceiver();
    const lonely = await makeProducer(world);
    await lonely.send({});
    const [row] = await eventually(
      () => world.requests(lonely.sourceId),
      ([first]) => first?.rejection_cause !== null,
    );
    expect(row).toMatchObject({ status: "accepted", rejection_cause: "NO_CONNECTION" });
    for (let round = 0; round < 20; round++) {
      const branch = await makeBranch(world, { to: { url: receiver.url } });
      await branch.send({ round });
    }
    await receiver.received(20);
  });

  test("disabled ends make ignored events that say which, and no delivery", async () => {
    const off = await makeBranch(world, {});
    const dark = await makeBranch(world, { from: off });
    await disableConnection(world.ctx, { id: off.id });
    await disableDestination(world.ctx, { id: dark.destinationId });
    await off.send({});
    expect(
      await eventually(
        () => world.ignored(off.id),
        (rows) => rows.length === 1,
      ),
    ).toMatchObject([{ cause: "CONNECTION_DISABLED", why: [{ step: "connection", outcome: "disabled" }] }]);
    expect(await world.ignored(dark.id)).toMatchObject([
      { cause: "DESTINATION_DISABLED", why: [{ step: "connection", outcome: "destination_disabled" }] },
    ]);
    expect([...(await world.events(off.id)), ...(await world.events(dark.id))]).toEqual([]);
  });
});

describe("delay", () => {
  test("an event is SCHEDULED until its time and then delivered", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules: [{ type: "delay", delay: 1_500 }] });
    const sentAtMs = Date.now();
    await branch.send({});
    const [event] = await eventually(
      () => world.events(branch.id),
      (rows) => rows.length === 1,
    );
    expect(event?.status).toBe("SCHEDULED");
    expect(receiver.receipts).toEqual([]);
    const [receipt] = await receiver.received(1);
    expect((receipt?.atMs ?? 0) - sentAtMs).toBeGreaterThanOrEqual(1_490);
    const [delivered] = await eventually(
      () => world.events(branch.id),
      ([row]) => row?.status === "DELIVERED",
    );
    expect(delivered).toMatchObject({
      why: [{ step: "connection" }, { step: "delay", outcome: "scheduled", delay_ms: 1_500 }],
    });
  });
});

describe("running twice", () => {
  test("changes nothing: rows, states and counts stay, even when the rules have changed meanwhile", async () => {
    await using receiver = await startReceiver();
    const filter = { type: "filter", body: { n: 1 } } as const;
    const takes = await makeBranch(world, { to: { url: receiver.url } });
    const filters = await makeBranch(world, { from: takes, rules: [{ ...filter, body: { n: 2 } }] });
    const requestId = await takes.send({ n: 1 });
    await eventually(
      () => world.events(takes.id),
      ([event]) => event?.status === "DELIVERED",
    );
    await eventually(
      () => world.ignored(filters.id),
      (rows) => rows.length === 1,
    );
    const read = async () => [
      await world.events(takes.id),
      await world.ignored(takes.id),
      await world.events(filters.id),
      await world.ignored(filters.id),
      await counts(takes.id),
      await counts(filters.id),
    ];
    const before = await read();
    const key = [world.ctx.teamId, requestId, takes.sourceId] as const;
    // As a worker would that claimed the hand-off, stalled, and wakes after another has finished it.
    const [handOff] = await world.all<{ id: string }>("select last_value::text as id from hand_off_id_seq");
    const stale = { id: handOff?.id ?? "", requests: [key], heads: null };
    await routeHandOffs(world.worker.router, [stale], 0n);
    expect(await read()).toEqual(before);

    await updateConnection(world.ctx, { id: filters.id, rules: [filter] });
    await updateConnection(world.ctx, { id: takes.id, rules: [{ ...filter, body: { n: 2 } }] });
    await routeHandOffs(world.worker.router, [stale], 0n);
    expect(await read()).toEqual(before);
    expect(receiver.receipts).toHaveLength(1);
  });
});
