import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rotateDestinationSecret } from "#server/resources/destinations.ts";
import { retryEvent } from "#server/resources/events.ts";
import { retryRequest } from "#server/resources/requests.ts";
import { makeBranch } from "#test/support/branch.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const verdicts = async (connectionId: string, requests: number) =>
  eventually(
    async () => ({ events: await world.events(connectionId), ignored: await world.ignored(connectionId) }),
    ({ events, ignored }) => events.length + ignored.length === requests,
  );

describe("deduplicate", () => {
  test("a hundred copies at once make one event, and every other names the request that was first", async () => {
    await using receiver = await startReceiver();
    const rules = [{ type: "deduplicate", window: 60_000 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    await Promise.all(Array.from({ length: 100 }, (_, i) => branch.send({ same: true }, { "x-request-no": `${i}` })));
    const { events, ignored } = await verdicts(branch.id, 100);
    expect(events).toHaveLength(1);
    expect(ignored).toHaveLength(99);
    for (const row of ignored) {
      expect(row.cause).toBe("DEDUPLICATED");
      expect(row.why).toMatchObject([
        { step: "connection" },
        { step: "deduplicate", outcome: "duplicate", first_request_id: events[0]?.request_id, window_ms: 60_000 },
      ]);
    }
    await receiver.received(1);
    expect(receiver.receipts).toHaveLength(1);
  });

  test("only the included fields count, or all but the excluded ones", async () => {
    const include = await makeBranch(world, {
      rules: [{ type: "deduplicate", window: 60_000, include_fields: ["body.id", "headers.x-shop"] }],
    });
    const exclude = await makeBranch(world, {
      from: include,
      rules: [{ type: "deduplicate", window: 60_000, exclude_fields: ["body.sent_at"] }],
    });
    await include.send({ id: 1, sent_at: 1, v: "a" }, { "x-shop": "one" });
    await verdicts(include.id, 1);
    await include.send({ id: 1, sent_at: 2, v: "b" }, { "x-shop": "one" });
    await include.send({ id: 1, sent_at: 3, v: "a" }, { "x-shop": "two" });
    const included = await verdicts(include.id, 3);
    const excluded = await verdicts(exclude.id, 3);
    expect([included.events.length, included.ignored.length]).toEqual([2, 1]);
    expect([excluded.events.length, excluded.ignored.length]).toEqual([2, 1]);
    expect(included.ignored[0]?.request_id).not.toBe(excluded.ignored[0]?.request_id);
  });

  test("when the window has passed the next copy is first, and a duplicate did not extend it", async () => {
    const branch = await makeBranch(world, { rules: [{ type: "deduplicate", window: 10_000 }] });
    await branch.send({});
    await verdicts(branch.id, 1);
    const age = (ms: number) =>
      world.all(
        `update dedupe_key set first_at = first_at - $2 * interval '1 ms', expires_at = expires_at - $2 * interval '1 ms'
         where connection_id = $1`,
        [branch.id, ms],
      );
    await age(6_000);
    await branch.send({});
    expect((await verdicts(branch.id, 2)).ignored).toHaveLength(1);
    await age(6_000);
    await branch.send({});
    expect((await verdicts(branch.id, 3)).events).toHaveLength(2);
    await branch.send({});
    expect((await verdicts(branch.id, 4)).ignored).toHaveLength(2);
  });
});

describe("replay", () => {
  test("goes past deduplication and keeps the event's id and its history, signed with today's secret", async () => {
    await using receiver = await startReceiver();
    const rules = [{ type: "deduplicate", window: 60_000 } as const];
    const branch = await makeBranch(world, { to: { url: receiver.url }, rules });
    const requestId = await branch.send({ n: 1 });
    const [event] = await eventually(
      () => world.events(branch.id),
      ([row]) => row?.status === "DELIVERED",
    );
    const firstAttempts = await world.attempts(event?.id ?? "");
    await rotateDestinationSecret(world.ctx, { id: branch.destinationId });
    await retryRequest(world.ctx, { id: requestId });
    const [, second] = await receiver.received(2);
    const attempts = await eventually(
      () => world.attempts(event?.id ?? ""),
      (rows) => rows.length === 2,
    );
    expect(attempts[0]).toEqual(firstAttempts[0]);
    expect(attempts[1]).toMatchObject({ number: 2, trigger: "MANUAL", response_status: 200 });
    expect(second?.headers).toMatchObject({
      "webhook-id": event?.id,
      "x-switchyard-trigger": "MANUAL",
      "x-switchyard-attempt": "2",
    });
    expect(String(second?.headers["webhook-signature"]).split(" ")).toHaveLength(2);
    const events = await world.events(branch.id);
    expect(events).toMatchObject([
      { id: event?.id, status: "DELIVERED", attempts: 2, why: [{}, { step: "deduplicate", outcome: "bypassed" }, {}] },
    ]);
    expect(await world.ignored(branch.id)).toEqual([]);
    expect(
      await world.all("select sum(event_count)::int as events from rollup_minute where connection_id = $1", [
        branch.id,
      ]),
    ).toEqual([{ events: 1 }]);
  });

  test("fills in a connection that was made after the request came, and only the one that is named", async () => {
    await using receiver = await startReceiver();
    const old = await makeBranch(world, { to: { url: receiver.url } });
    const requestId = await old.send({ n: 1 });
    await receiver.received(1);
    const added = await makeBranch(world, { from: old, into: old.destinationId });
    await retryRequest(world.ctx, { id: requestId, connection_ids: [added.id] });
    const [, second] = await receiver.received(2);
    expect(second?.headers["x-switchyard-connection-id"]).toBe(added.id);
    await eventually(
      () => world.events(added.id),
      ([row]) => row?.status === "DELIVERED",
    );
    expect(await world.events(old.id)).toMatchObject([{ attempts: 1 }]);
  });

  test("an event that was delivered goes out again by hand under its id", async () => {
    await using receiver = await startReceiver();
    const branch = await makeBranch(world, { to: { url: receiver.url } });
    await branch.send({});
    const [event] = await eventually(
      () => world.events(branch.id),
      ([row]) => row?.status === "DELIVERED",
    );
    await retryEvent(world.ctx, { id: event?.id ?? "" });
    const [first, second] = await receiver.received(2);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(
      await eventually(
        () => world.attempts(event?.id ?? ""),
        (rows) => rows.length === 2,
      ),
    ).toMatchObject([
      { number: 1, trigger: "INITIAL" },
      { number: 2, trigger: "MANUAL" },
    ]);
  });
});
