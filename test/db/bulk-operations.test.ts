// Retry, replay and backfill of many: what is planned is what is done, each exactly once.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BulkOperation, ReplayEvents, RetryEvents, RetryRequests } from "#server/contracts/bulk.ts";
import type { CreateConnection } from "#server/contracts/connection.ts";
import * as bulk from "#server/resources/bulk.ts";
import { createConnection, pauseConnection, updateConnection } from "#server/resources/connections.ts";
import { disableDestination } from "#server/resources/destinations.ts";
import { retryRequest } from "#server/resources/requests.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

let made = 0;
/** A branch of its own, with `events` delivered on it. */
async function branch(receiverUrl: string, more: Partial<CreateConnection> = {}, events = 0) {
  const name = `branch-${++made}`;
  const connection = await world.connect({
    name,
    source: { name },
    destination: { name, config: { url: receiverUrl } },
    ...more,
  });
  const [source] = await world.all<{ key: string }>("select key from source where id = $1", [connection.source_id]);
  const url = `${world.doorUrl}/e/${source?.key}`;
  const send = async (body: unknown) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { request_id: string }).request_id;
  };
  for (let n = 0; n < events; n++) await send({ type: n % 2 === 0 ? "payment.paid" : "order.made", n });
  if (events > 0) await finished(connection.id, events);
  return { name, connection, send, url };
}

const finished = (connectionId: string, count: number) =>
  eventually(
    () => world.events(connectionId),
    (events) => events.filter(({ status }) => status === "DELIVERED" || status === "FAILED").length === count,
  );

const over = ({ id }: Pick<BulkOperation, "id">) =>
  eventually(
    () => bulk.getBulkOperation(world.ctx, { id }),
    ({ state }) => state !== "RUNNING",
  );

const replayOf = (fields: Record<string, unknown>) => ReplayEvents.parse({ from: "now-1h", ...fields });
const refusal = (path: string, message: RegExp) => ({
  code: "UNPROCESSABLE",
  issues: [{ path, message: expect.stringMatching(message) }],
});

describe("a replay", () => {
  test("sends what its plan counted, under the same ids, marked BULK, and keeps the history", async () => {
    await using receiver = await startReceiver();
    const { name, connection } = await branch(receiver.url, {}, 6);
    const input = replayOf({ source: name, event_type_pattern: "payment.*" });
    const plan = await bulk.planReplay(world.ctx, input);
    expect(plan).toMatchObject({ count: 3, skipped: {}, by_status: { DELIVERED: 3 }, destinations: [{ count: 3 }] });
    expect(plan.sample).toHaveLength(3);

    const operation = await over(await bulk.replayEvents(world.ctx, input));
    expect(operation).toMatchObject({ state: "COMPLETED", total_count: 3, queued_count: 3, held_count: 0 });
    await receiver.received(9);
    const events = await eventually(
      () => world.events(connection.id),
      (all) => all.every(({ status }) => status === "DELIVERED"),
    );
    const again = events.filter(({ attempts }) => attempts === 2);
    expect(again.map(({ id }) => id)).toEqual(plan.sample);
    for (const { id } of again) {
      expect(await world.attempts(id)).toMatchObject([{ trigger: "INITIAL" }, { number: 2, trigger: "BULK" }]);
    }
    expect((await over(operation)).outcomes).toEqual({ DELIVERED: 3 });
    expect(
      await world.all("select action, resource_kind from audit_entry where resource_id = $1", [operation.id]),
    ).toEqual([{ action: "replay", resource_kind: "bulk_operation" }]);
  });

  test("routes what came before a connection was made to it, and what a rule has ignored stays ignored", async () => {
    await using receiver = await startReceiver();
    const { name, send } = await branch(receiver.url);
    for (let n = 0; n < 4; n++) await send({ n, kept: n !== 2 });
    await receiver.received(4);
    await using late = await startReceiver();
    const source_id = (await world.all<{ id: string }>("select id from source where name = $1", [name]))[0]?.id;
    const backfilled = await createConnection(world.ctx, {
      name: `${name}-late`,
      source_id,
      destination: { name: `${name}-late`, type: "HTTP", config: { url: late.url } },
      rules: [{ type: "filter", body: { kept: true } }],
    } as CreateConnection);
    const input = replayOf({ source: name, connection_id: backfilled.id });
    expect(await bulk.planReplay(world.ctx, input)).toMatchObject({ count: 4, by_status: { NONE: 4 } });
    expect(await over(await bulk.replayEvents(world.ctx, input))).toMatchObject({ routed_count: 4, queued_count: 0 });
    await late.received(3);
    await eventually(
      () => world.ignored(backfilled.id),
      (ignored) => ignored.length === 1,
    );
    expect(await world.events(backfilled.id)).toMatchObject([{ trigger: "BULK" }, {}, {}]);

    // Once more: three have an event now, and the filter has spoken on the fourth.
    await finished(backfilled.id, 3);
    const second = await over(await bulk.replayEvents(world.ctx, input));
    expect(second).toMatchObject({ routed_count: 0, queued_count: 3, skipped: { ignored_by_rules: 1 } });
    await late.received(6);
  });

  test("leaves out what has no way to go, says why, and holds what is paused", async () => {
    await using receiver = await startReceiver();
    const [closed, paused] = [await branch(receiver.url, {}, 2), await branch(receiver.url, {}, 2)];
    await disableDestination(world.ctx, { id: closed.connection.destination_id });
    await pauseConnection(world.ctx, { id: paused.connection.id });
    const connection_id = [closed.connection.id, paused.connection.id];
    const input = RetryEvents.parse({ from: "now-1h", connection_id });
    expect(await bulk.planEventsRetry(world.ctx, input)).toMatchObject({
      count: 2,
      skipped: { destination_disabled: 2 },
    });
    const operation = await over(await bulk.retryEvents(world.ctx, input));
    expect(operation).toMatchObject({ held_count: 2, queued_count: 0, skipped: { destination_disabled: 2 } });
    expect(operation.outcomes).toEqual({ HOLD: 2 });

    const again = bulk.retryEvents(world.ctx, input);
    await expect(again).rejects.toMatchObject(refusal("from", /2 destination_disabled, 2 in_line|2 in_line, 2 dest/));
  });

  test("keeps its own cap, which can be changed while it runs, and cancel ends it with what it has queued", async () => {
    await using receiver = await startReceiver();
    const { name } = await branch(receiver.url, {}, 6);
    const operation = await bulk.replayEvents(world.ctx, replayOf({ source: name, rate_limit: 1 }));
    await eventually(
      () => bulk.getBulkOperation(world.ctx, operation),
      ({ queued_count }) => queued_count === 1,
    );
    const faster = await bulk.changeBulkOperation(world.ctx, {
      id: operation.id,
      rate_limit: 2,
      rate_limit_period: "hour",
    });
    expect(faster).toMatchObject({ rate_limit: 2, rate_limit_period: "hour" });
    await eventually(
      () => bulk.getBulkOperation(world.ctx, operation),
      ({ queued_count }) => queued_count === 2,
    );
    const cancelled = await bulk.cancelBulkOperation(world.ctx, operation);
    expect(cancelled).toMatchObject({ state: "CANCELLED", queued_count: 2 });
    expect(await bulk.cancelBulkOperation(world.ctx, operation)).toEqual(cancelled);
    await receiver.received(8);
    await expect(
      bulk.changeBulkOperation(world.ctx, { id: operation.id, rate_limit: null, rate_limit_period: "minute" }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    const done = await over(await bulk.replayEvents(world.ctx, replayOf({ source: name })));
    await expect(bulk.cancelBulkOperation(world.ctx, done)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("COMPLETED"),
    });
  });

  test("says what is wrong with its window, its ids, and that nothing matches", async () => {
    const { name, connection } = await branch("http://127.0.0.1:1024/");
    const other = await branch("http://127.0.0.1:1024/");
    const ask = (fields: Record<string, unknown>) => bulk.replayEvents(world.ctx, replayOf(fields));
    await expect(ask({ source: name, from: "now", to: "now-1h" })).rejects.toMatchObject(refusal("from", /behind/));
    await expect(ask({ source: name, from: "2999-01-01" })).rejects.toMatchObject(refusal("from", /future/));
    await expect(ask({})).rejects.toMatchObject(refusal("source", /Name a source/));
    await expect(ask({ source: "nobody" })).rejects.toMatchObject(refusal("source", /nobody/));
    await expect(ask({ connection_id: "web_0" })).rejects.toMatchObject(refusal("connection_id", /web_0/));
    await expect(ask({ destination_id: "des_0" })).rejects.toMatchObject(refusal("destination_id", /des_0/));
    const foreign = ask({ source: name, connection_id: other.connection.id });
    await expect(foreign).rejects.toMatchObject(refusal("connection_id", /not one of the source/));
    await expect(ask({ source: name })).rejects.toMatchObject(refusal("from", /Nothing matches/));
    expect(() => replayOf({ source: name, from: "yesterday" })).toThrow();
    await updateConnection(world.ctx, { id: connection.id, description: "still there" });
  });
});

test("a bulk retry of requests routes each again to the connections named, and leaves rejected ones out", async () => {
  await using receiver = await startReceiver();
  const { connection, send, url } = await branch(receiver.url, {}, 3);
  await send({ n: 4 });
  await finished(connection.id, 4);
  expect((await fetch(url, { method: "GET" })).status).toBe(405);
  const input = RetryRequests.parse({
    from: "now-1h",
    source_id: [connection.source_id],
    connection_ids: [connection.id],
  });
  expect(await bulk.planRequestsRetry(world.ctx, input)).toMatchObject({
    count: 4,
    skipped: { rejected: 1 },
  });
  expect(await over(await bulk.retryRequests(world.ctx, input))).toMatchObject({
    routed_count: 4,
    skipped: { rejected: 1 },
  });
  await receiver.received(8);
  const events = await finished(connection.id, 4);
  expect(events).toMatchObject(Array.from({ length: 4 }, () => ({ attempts: 2, trigger: "BULK" })));
});

test("what a filter ignored is sent anyway on request, and only to connections that are named", async () => {
  await using receiver = await startReceiver();
  const { connection, send } = await branch(receiver.url, { rules: [{ type: "filter", body: { wanted: true } }] });
  const id = await send({ wanted: false });
  await eventually(
    () => world.ignored(connection.id),
    (ignored) => ignored.length === 1,
  );
  await expect(retryRequest(world.ctx, { id, send_anyway: true })).rejects.toMatchObject(
    refusal("connection_ids", /Name the connections/),
  );
  await retryRequest(world.ctx, { id, send_anyway: true, connection_ids: [connection.id] });
  await receiver.received(1);
  expect(await finished(connection.id, 1)).toMatchObject([{ trigger: "MANUAL", status: "DELIVERED" }]);
});

test("teams take turns: one with many operations does not delay the only one of another", async () => {
  await world.all(`insert into team (id, name) values ('tm_busy', 'busy'), ('tm_calm', 'calm')`);
  const operation = (team: string, id: string) =>
    world.all(
      `insert into bulk_operation (team_id, id, kind, state, filter, rate_limit, rate_limit_period, actor_kind, actor_id, created_at, next_page_at)
       values ($1, $2, 'events_retry', 'RUNNING', '{"from":"2026-01-01T00:00:00.000Z","to":"2026-01-01T00:00:01.000Z"}', null, null, 'system', 'test', now(), now() + interval '1 hour')`,
      [team, id],
    );
  for (let n = 0; n < 5; n++) await operation("tm_busy", `blk_busy${n}`);
  await operation("tm_calm", "blk_calm");
  await world.all("update bulk_operation set next_page_at = now() where team_id in ('tm_busy', 'tm_calm')");
  const rows = await eventually(
    () =>
      world.all<{ id: string; state: string }>(
        "select id, state from bulk_operation where team_id in ('tm_busy', 'tm_calm') order by served_at",
      ),
    (all) => all.every(({ state }) => state === "COMPLETED"),
  );
  expect(rows.findIndex(({ id }) => id === "blk_calm")).toBeLessThan(2);
});
