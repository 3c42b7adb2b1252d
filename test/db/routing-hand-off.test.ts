import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { newId } from "#server/ids.ts";
import { deleteConnection } from "#server/resources/connections.ts";
import { claimDeferred } from "#server/routing/deferred-branch.sql.ts";
import { claimHandOffs } from "#server/routing/hand-off.sql.ts";
import { type Rows, writeFirstRoute } from "#server/routing/route.sql.ts";
import { writeByPipeline } from "#server/routing/route-pipeline.sql.ts";
import { rerouteRequest, routeHandOffs } from "#server/routing/route-requests.ts";
import { makeBranch, makeProducer } from "#test/support/branch.ts";
import { findMiscounted } from "#test/support/branch-counts.ts";
import { someoneWaits } from "#test/support/database.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

test("a replay that overtakes the first routing takes no other branch with it", async () => {
  const one = await makeBranch(world, {});
  const two = await makeBranch(world, { from: one });
  const requestId = await one.send({ type: "order.paid" });
  const { router } = world.worker;
  const { teamId } = world.ctx;
  await rerouteRequest(router, { teamId, requestId, connectionIds: [one.id] });
  router.deferred.start();
  const replayed = await eventually(
    () => world.events(one.id),
    (events) => events.length === 1,
  );

  const { handOffs, configVersion } = await claimHandOffs(router.pool, 8);
  await routeHandOffs(router, handOffs, configVersion);
  expect(await world.events(one.id)).toEqual(replayed);
  expect(await world.events(two.id)).toMatchObject([{ request_id: requestId, trigger: "INITIAL" }]);
  expect(await world.all("select id from hand_off")).toEqual([]);
});

test("branches that share a large body count it each for the worker that takes them over", async () => {
  const one = await makeBranch(world, { source: { type: "SHOPIFY", config: { auth_type: "NONE" } } });
  for (let n = 1; n < 4; n++) await makeBranch(world, { from: one });
  const body = { type: "order.paid", text: "x".repeat(100_000) };
  await one.send(body);
  const bytes = Buffer.byteLength(JSON.stringify(body));
  const { router } = world.worker;
  let held = 0;
  // A worker that dies once it has taken the branches on.
  const take = (_team: string, amount: number) => {
    held += amount;
    return true;
  };
  const deferred = { ...router.deferred, take, add: () => {} };
  const { handOffs, configVersion } = await claimHandOffs(router.pool, 8);
  await routeHandOffs({ ...router, deferred }, handOffs, configVersion);
  expect(held).toBe(bytes);

  await world.pool.query("update deferred_branch set due_at = now()");
  const room = { branches: 8, bytes: bytes + 1 };
  const { branches } = await claimDeferred(router.pool, new Map(), room, { branches: 8, bytes: 8 * bytes });
  expect(branches.map(({ bodyBytes }) => bodyBytes)).toEqual([bytes, bytes]);
});

test("of requests that nothing looks into, none is read, and their events are as of those that are", async () => {
  const plain = await makeBranch(world, { rules: [{ type: "filter", event_type: "order.*" }] });
  const reading = await makeBranch(world, { rules: [{ type: "filter", body: { n: 1 } }] });
  const [plainId, readId] = [await plain.send({ n: 1 }), await reading.send({ n: 1 })];
  const { router } = world.worker;
  const read: unknown[] = [];
  const noting = (...input: Parameters<typeof router.pool.query>) => {
    const { name, values } = input[0] as unknown as { name?: string; values?: unknown[][] };
    if (name === "load-requests") read.push(...(values?.[1] ?? []));
    return router.pool.query(...input);
  };
  const pool = Object.assign(Object.create(router.pool), { query: noting });
  const { handOffs, configVersion } = await claimHandOffs(router.pool, 8);
  await routeHandOffs({ ...router, pool }, handOffs, configVersion);
  expect(read).toEqual([readId]);
  const [ignored] = await world.ignored(plain.id);
  const [event] = await world.events(reading.id);
  expect(ignored).toMatchObject({ request_id: plainId, cause: "FILTERED" });
  for (const [row, id] of [
    [ignored, plainId],
    [event, readId],
  ] as const) {
    const [request] = await world.all<{ created_at: Date }>("select created_at from request where id = $1", [id]);
    expect(row?.created_at).toEqual(request?.created_at);
  }
});

describe("a request that the door found without connection", () => {
  const causeOf = async (requestId: string) =>
    (
      await world.all<{ cause: string | null }>("select rejection_cause as cause from request where id = $1", [
        requestId,
      ])
    )[0]?.cause;

  test("says so in the row that the door wrote, and routing writes it no second time", async () => {
    const producer = await makeProducer(world);
    const requestId = await producer.send({});
    expect(await causeOf(requestId)).toBe("NO_CONNECTION");
    const versions = () => world.all("select xmin, ctid from request where id = $1", [requestId]);
    const before = await versions();
    await world.route();
    expect(await versions()).toEqual(before);
  });

  test("is routed to a connection that was made before routing, and says nothing any more", async () => {
    const producer = await makeProducer(world);
    const early = await producer.send({ n: 1 });
    const branch = await makeBranch(world, { from: producer });
    await world.config.upToDate();
    const late = await producer.send({ n: 2 });
    expect([await causeOf(early), await causeOf(late)]).toEqual(["NO_CONNECTION", null]);
    await world.route();
    expect([await causeOf(early), await causeOf(late)]).toEqual([null, null]);
    expect((await world.events(branch.id)).map(({ request_id }) => request_id)).toEqual([early, late]);
  });

  test("keeps no false mark when the worker dies before its branches are committed", async () => {
    const producer = await makeProducer(world);
    const requestId = await producer.send({});
    const branch = await makeBranch(world, { from: producer });
    const { router } = world.worker;
    const { handOffs, configVersion } = await claimHandOffs(router.pool, 8);
    const holder = await world.pool.connect();
    await holder.query("begin; lock table event");
    const dying = routeHandOffs(router, handOffs, configVersion).catch((error: unknown) => error);
    await someoneWaits(holder);
    await holder.query(
      "select pg_terminate_backend(pid) from pg_locks where relation = 'event'::regclass and not granted",
    );
    expect(isDatabaseAway(await dying)).toBe(true);
    await holder.query("commit");
    holder.release();
    expect(await causeOf(requestId)).toBe(null);
    expect(await world.events(branch.id)).toEqual([]);
    await world.pool.query("update hand_off set claimed_until = null");
    await world.route();
    expect(await world.events(branch.id)).toMatchObject([{ request_id: requestId }]);
    expect(await causeOf(requestId)).toBe(null);
  });

  test("is marked by routing where its connection went meanwhile, or an older door has not said", async () => {
    const branch = await makeBranch(world, {});
    const gone = await branch.send({});
    expect(await causeOf(gone)).toBe(null);
    await deleteConnection(world.ctx, { id: branch.id });
    const lonely = await makeProducer(world);
    const old = await lonely.send({});
    await world.pool.query("update request set rejection_cause = null where id = $1", [old]);
    await world.pool.query("update hand_off set heads = null");
    await world.route();
    expect([await causeOf(gone), await causeOf(old)]).toEqual(["NO_CONNECTION", "NO_CONNECTION"]);
  });

  test("that repeats a provider's event is a duplicate and nothing else", async () => {
    const producer = await makeProducer(world, { type: "GITHUB", config: { auth_type: "NONE" } });
    const headers = { "x-github-delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516", "x-github-event": "push" };
    const [first, second] = [await producer.send({}, headers), await producer.send({}, headers)];
    const rows = await world.requests(producer.sourceId);
    expect(rows).toMatchObject([
      { id: first, rejection_cause: "NO_CONNECTION", duplicate_of: null, event_type: "push" },
      { id: second, rejection_cause: null, duplicate_of: first },
    ]);
    expect(await world.all("select requests, heads from hand_off")).toEqual([
      { requests: [[world.ctx.teamId, first, producer.sourceId]], heads: [["push", true]] },
    ]);
    await world.route();
  });
});

describe("the pipeline of a batch", () => {
  const now = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 59_999);
  const later = new Date(now.getTime() + 1);
  const handOff = async () => {
    const [row] = await world.all<{ id: string }>(
      "insert into hand_off (requests, first_id, last_id) values ('[]', 'a', 'b') returning id::text",
    );
    return row?.id ?? "";
  };

  /** Branches of all kinds, with what Postgres cannot hold, over the end of a minute. */
  async function branchesOf(mark: string): Promise<Rows> {
    const ids = (kind: "event" | "ignored_event", n: number) => ({
      ...{ team_id: world.ctx.teamId, id: newId(kind, now.getTime()), request_id: newId("request", now.getTime()) },
      ...{ source_id: `src_${mark}`, connection_id: `web_${mark}_${n % 2}`, destination_id: `des_${mark}` },
      ...{ created_at: n % 3 === 0 ? now : later, taken_id: takenIds[n % 2] ?? "" },
    });
    const takenIds = [await handOff(), await handOff()];
    const why = [JSON.stringify({ step: "filter", outcome: "a\u0000b \ud800 é 🎉" })];
    const events = Array.from({ length: 8 }, (_, n) => ({
      ...ids("event", n),
      status: (["QUEUED", "HOLD", "SCHEDULED", "QUEUED"] as const)[n % 4] ?? "QUEUED",
      ...(n % 4 === 1 && { hold_reason: "connection_paused" as const }),
      event_type: n % 2 === 0 ? null : `paid "é\\ ${n}`,
      ...(n % 3 === 0 && { turn_key: "a turn\u0000" }),
      ...(n % 3 === 1 && { occurred_at: "2026-01-02T03:04:05.678Z", resource_id: "pay_🎉" }),
      next_attempt_at: later,
      transformed: n === 5 ? { method: "PUT", path: "/\u0000", query: "", headers: [["a", "\ud800"]] as never } : null,
      body: n === 5 ? Buffer.from([0, 255, 10]) : null,
      why,
    }));
    const causes = ["FILTERED", "DEDUPLICATED", "CONNECTION_DISABLED", "FILTERED"] as const;
    const ignored = causes.map((cause, n) => ({ ...ids("ignored_event", n), cause, detail: `nul \u0000 ${n}`, why }));
    return { events, ignored, takenIds };
  }

  const storedOf = async (mark: string) => {
    const bare = (table: string, but = "") =>
      world.all(
        `select to_jsonb(t) - 'id' - 'request_id' - 'source_id' - 'connection_id' - 'destination_id'${but} as row, right(connection_id, 1) as branch
         from ${table} t where source_id = $1 order by 2, 1`,
        [`src_${mark}`],
      );
    const deltas = await world.all(
      `select right(connection_id, 1) as branch, sum(queued_count) as queued, sum(scheduled_count) as scheduled, sum(hold_count) as hold
       from branch_count_delta where source_id = $1 group by 1 order by 1`,
      [`src_${mark}`],
    );
    return {
      events: await bare("event"),
      ignored: await bare("ignored_event"),
      counts: await bare("rollup_minute"),
      deltas,
    };
  };
  const isLeft = async ({ takenIds }: Rows) =>
    (await world.all("select id from hand_off where id = any ($1)", [takenIds])).length;

  test("writes what the statement writes, row for row and count for count", async () => {
    const [one, two] = [await branchesOf("one"), await branchesOf("two")];
    expect(await writeByPipeline(world.pool, one)).toBe(true);
    await writeFirstRoute(world.pool, two);
    const [piped, stated] = [await storedOf("one"), await storedOf("two")];
    expect(piped.events).toHaveLength(8);
    expect(piped.counts).toHaveLength(4);
    expect(piped).toEqual(stated);
    expect(await isLeft(one)).toBe(0);
  });

  test("writes nothing where a hand-off is gone or a row is there, and the statement then writes what is left", async () => {
    const gone = await branchesOf("gone");
    await world.all("delete from hand_off where id = $1", [gone.takenIds[1]]);
    const there = await branchesOf("there");
    const [event, ...others] = there.events;
    await writeFirstRoute(world.pool, { events: event ? [event] : [], ignored: [], takenIds: [event?.taken_id ?? ""] });
    await world.all(
      "insert into hand_off (id, requests, first_id, last_id) overriding system value values ($1, '[]', 'a', 'b')",
      [event?.taken_id],
    );
    for (const [mark, rows] of [
      ["gone", gone],
      ["there", there],
    ] as const) {
      const before = await storedOf(mark);
      expect(await writeByPipeline(world.pool, rows)).toBe(false);
      expect(await storedOf(mark)).toEqual(before);
      const { insertedIds } = await writeFirstRoute(world.pool, rows, { asksForInserted: true });
      const left = mark === "gone" ? rows.events.filter(({ taken_id }) => taken_id === gone.takenIds[0]) : others;
      expect(insertedIds.toSorted()).toEqual(left.map(({ id }) => id).toSorted());
      expect(await isLeft(rows)).toBe(0);
      const { events, counts } = await storedOf(mark);
      const counted = (counts as { row: { event_count: number } }[]).map(({ row }) => row.event_count);
      expect(counted.reduce((sum, n) => sum + n, 0)).toBe(events.length);
    }
  });

  test("in which Postgres refuses one event leaves it to a line of its own, and writes and counts all others once", async () => {
    const refused = await makeBranch(world, {});
    const others = [await makeBranch(world, { from: refused }), await makeBranch(world, {})];
    await world.all(`alter table event add constraint refused check (connection_id <> '${refused.id}')`);
    for (const { send } of [refused, ...others]) await send({});
    const { router, log } = world.worker;
    const sent: (string | undefined)[] = [];
    const noting = (...input: Parameters<typeof router.pool.query>) => {
      sent.push((input[0] as { name?: string }).name);
      return router.pool.query(...input);
    };
    const pool = Object.assign(Object.create(router.pool), { query: noting });
    const { handOffs, configVersion } = await claimHandOffs(router.pool, 100);
    await routeHandOffs({ ...router, pool, log: log.child({}, { level: "silent" }) }, handOffs, configVersion);
    expect(sent[0]).toBe("take-hand-offs");
    router.deferred.start();
    await eventually(
      async () => (await Promise.all(others.map(({ id }) => world.events(id)))).map(({ length }) => length),
      (lengths) => lengths.join() === "2,1",
    );
    await world.all("alter table event drop constraint refused");
    expect(await world.all("select id from hand_off")).toEqual([]);
    for (const { id, sourceId } of others) {
      expect(await world.all("select id from deferred_branch where connection_id = $1", [id])).toEqual([]);
      expect(await findMiscounted(world.pool, sourceId)).toEqual([]);
      const counted = "select sum(event_count)::int as n from rollup_minute where connection_id = $1";
      expect(await world.all(counted, [id])).toEqual([{ n: (await world.events(id)).length }]);
    }
  });
});
