// The demo in the instance: what it makes, what it sends, and that it leaves without a trace.
import { afterAll, beforeAll, expect, test } from "vitest";
import { RetryEvents } from "#server/contracts/bulk.ts";
import { DEMO_SIZE } from "#server/contracts/demo-size.ts";
import { removeDemoRows } from "#server/demo/remove-demo.ts";
import { sendDemo } from "#server/demo/send-demo.ts";
import { retryEvents } from "#server/resources/bulk.ts";
import { createConnection, deleteConnection } from "#server/resources/connections.ts";
import { getDemo, loadDemo, removeDemo } from "#server/resources/demo.ts";
import { findMiscounted } from "#test/support/branch-counts.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What the installation keeps for itself, the log of who did what, and what is summed elsewhere in this test. */
const NOT_COMPARED = [
  "_prisma_migrations",
  "audit_entry",
  "audit_head",
  "branch_count",
  "branch_count_delta",
  "config_change",
  "config_version",
  "gateway_process",
  "worker_heartbeat",
  "worker_process",
];

/** Every row of every other table, as text. */
async function everyRow(): Promise<Record<string, string[]>> {
  const tables = await world.all<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
     and not relispartition and relname <> all ($1) order by relname`,
    [NOT_COMPARED],
  );
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const texts = await world.all<{ row: string }>(`select to_json(t)::text as row from "${name}" t order by 1`);
    rows[name] = texts.map(({ row }) => row);
  }
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(["request", "attempt", "rollup_minute", "demo"]));
  return rows;
}

async function sendOwn(url: string, n: number): Promise<void> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify({ id: `own-${n}`, type: "own.event" }) });
  expect(answer.status).toBe(200);
}

const entries = () =>
  world.all<{ action: string; resource_kind: string }>("select action, resource_kind from audit_entry order by id");

/** Steps of the demo's traffic without their waits: each sends what two seconds bring. */
async function sendFor(steps: number): Promise<void> {
  const { pool, config, doorUrl, ctx } = world;
  for (let step = 1; step <= steps; step++) {
    const now = () => new Date(Date.now() + step * 2_000);
    const doorUrls = ["http://127.0.0.1:9", doorUrl];
    await sendDemo(
      { pool, config, publicGatewayUrl: world.env.publicGatewayUrl, doorUrls, now },
      { teamId: ctx.teamId },
    );
  }
}

/** A minute after somebody asked for its removal, as often as it takes. */
async function sweepUntilGone(): Promise<void> {
  const { pool, ctx } = world;
  const now = () => new Date(Date.now() + 60_000);
  const look = async () => {
    await removeDemoRows({ pool, now }, { teamId: ctx.teamId });
    return getDemo(ctx);
  };
  await eventually(look, ({ state }) => state === "none");
}

const countsOf = (table: string, where: string, ids: string[]) =>
  world
    .all<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`, [ids])
    .then(([row]) => row?.n ?? 0);

test("the demo sends signed webhooks through the door, and is removed without a trace beside traffic of the team's own", async () => {
  const { ctx } = world;
  const own = await world.connect({
    name: "own",
    source: { name: "own" },
    destination: { name: "own", type: "MOCK" },
    rules: [{ type: "deduplicate", window: 3_600_000 }],
  });
  const source = await ctx.app.db.source.findFirstOrThrow({ where: { id: own.source_id, team_id: ctx.teamId } });
  const url = `${world.doorUrl}/e/${source.key}`;
  for (let n = 0; n < 5; n++) await sendOwn(url, n);
  const allDelivered = (rows: { status: string }[]) => rows.length === 5 && rows.every((r) => r.status === "DELIVERED");
  await eventually(() => world.events(own.id), allDelivered);
  await eventually(everyLeaseEnded, (leases) => leases.length === 0);
  const before = await everyRow();
  const entriesBefore = await entries();

  const demo = await loadDemo(ctx);
  expect(demo.state).toBe("sending");
  expect(demo.source_ids).toHaveLength(DEMO_SIZE.sources);
  expect(demo.destination_ids).toHaveLength(DEMO_SIZE.destinations);
  expect(await countsOf("connection", "source_id = any ($1)", demo.source_ids)).toBe(DEMO_SIZE.connections);
  await sendFor(10);
  await eventually(
    () => countsOf("event", "source_id = any ($1) and status = 'DELIVERED'", demo.source_ids),
    (n) => n > 20,
  );
  await eventually(
    () => countsOf("event", "source_id = any ($1) and status = 'FAILED'", demo.source_ids),
    (n) => n > 0,
  );
  const verified = await world.all<{ verified: boolean; status: string }>(
    "select verified, status from request where source_id = any ($1)",
    [demo.source_ids],
  );
  expect(verified.filter((row) => row.status === "accepted").every((row) => row.verified)).toBe(true);
  expect(verified.some((row) => row.status === "rejected")).toBe(true);
  expect(await countsOf("ignored_event", "source_id = any ($1)", demo.source_ids)).toBeGreaterThan(0);
  expect((await getDemo(ctx)).sent_count).toBeGreaterThanOrEqual(50);

  const removing = await removeDemo(ctx);
  expect(removing.state).toBe("removing");
  expect(await countsOf("source", "id = any ($1)", demo.source_ids)).toBe(0);
  await sweepUntilGone();

  expect(await everyRow()).toEqual(before);
  expect(await findMiscounted(world.pool)).toEqual([]);
  for (const table of ["branch_count", "branch_count_delta"]) {
    expect(await countsOf(table, "source_id = any ($1)", demo.source_ids)).toBe(0);
  }
  expect((await entries()).slice(entriesBefore.length)).toEqual([
    { action: "create", resource_kind: "demo" },
    { action: "delete", resource_kind: "demo" },
  ]);
});

/** A lane that still holds its lease changes its row once more. */
const everyLeaseEnded = () => world.all("select destination_id from lane where lease_expires_at > now()");

/** Operations of a person on events: each names a connection, or events one by one. */
async function retryAll(what: { connection_id?: string[]; id?: string[] }): Promise<void> {
  await retryEvents(world.ctx, RetryEvents.parse({ from: "now-1h", ...what }));
}
const operationCount = () => countsOf("bulk_operation", "team_id = any ($1)", [world.ctx.teamId]);

test("retries of its events go with it, and those of other events stay", async () => {
  const { ctx } = world;
  const own = await world.connect({
    name: "own-retried",
    source: { name: "own-retried" },
    destination: { name: "own-retried", type: "MOCK" },
  });
  const demo = await loadDemo(ctx);
  const before = await operationCount();
  const source = await ctx.app.db.source.findFirstOrThrow({ where: { id: own.source_id, team_id: ctx.teamId } });
  await sendOwn(`${world.doorUrl}/e/${source.key}`, 1);
  await eventually(
    () => world.events(own.id),
    ([event]) => event?.status === "DELIVERED",
  );
  await retryAll({ connection_id: [own.id] });
  await sendFor(4);
  const ofDemo = () =>
    world.all<{ id: string; connection_id: string }>(
      "select id, connection_id from event where source_id = any ($1) and status = 'DELIVERED'",
      [demo.source_ids],
    );
  const [event] = await eventually(ofDemo, (events) => events.length > 0);
  for (const what of [{ connection_id: [event?.connection_id ?? ""] }, { id: [event?.id ?? ""] }]) await retryAll(what);
  expect(await operationCount()).toBe(before + 3);
  await removeDemo(ctx);
  await sweepUntilGone();
  expect(await operationCount()).toBe(before + 1);
});

test("a connection that somebody makes while the demo is removed is not removed with it", async () => {
  const { ctx } = world;
  const demo = await loadDemo(ctx);
  const [source_id = ""] = demo.source_ids;
  let isFirst = true;
  const db = ctx.app.db.$extends({
    query: {
      connection: {
        async deleteMany({ args, query }) {
          const made = { name: "just-made", source_id, destination: { name: "just-made", type: "MOCK" as const } };
          if (isFirst) await createConnection(ctx, made);
          isFirst = false;
          return query(args);
        },
      },
    },
  }) as unknown as typeof ctx.app.db;
  const removing = removeDemo({ ...ctx, app: { ...ctx.app, db } });
  await expect(removing).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("just connected"),
  });
  const [mine] = await ctx.app.db.connection.findMany({ where: { team_id: ctx.teamId, name: "just-made" } });
  await deleteConnection(ctx, { id: mine?.id ?? "" });
  await removeDemo(ctx);
  // Asked for again, a removal goes on that had come to a stop.
  await world.all("select graphile_worker.remove_job('remove-demo:' || $1)", [ctx.teamId]);
  await removeDemo(ctx);
  const jobs = "select 1 from graphile_worker.jobs where key = 'remove-demo:' || $1";
  expect(await world.all(jobs, [ctx.teamId])).toHaveLength(1);
  await sweepUntilGone();
});

test("one demo per team, and what is not the demo's keeps it from being removed", async () => {
  const { ctx } = world;
  const demo = await loadDemo(ctx);
  await expect(loadDemo(ctx)).rejects.toMatchObject({ code: "CONFLICT" });
  const [source_id = "", destination_id = ""] = [demo.source_ids[0], demo.destination_ids[0]];
  // Between two ends of the demo it is the demo's.
  await createConnection(ctx, { name: "played-with", source_id, destination_id, rules: [] });
  const mine = await createConnection(ctx, { name: "mine", source_id, destination: { name: "real", type: "MOCK" } });
  await expect(removeDemo(ctx)).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("(mine)") });
  expect((await getDemo(ctx)).state).toBe("sending");
  await deleteConnection(ctx, { id: mine.id });
  await removeDemo(ctx);
  await sweepUntilGone();
  expect(await countsOf("connection", "name = any ($1)", ["played-with"])).toBe(0);
  expect(await countsOf("destination", "name = any ($1)", ["real"])).toBe(1);
});

test("a name that the team has already stays its own", async () => {
  const { ctx } = world;
  const taken = await world.connect({
    name: "demo-stripe-orders",
    source: { name: "demo-stripe" },
    destination: { name: "demo-orders", type: "MOCK" },
  });
  const demo = await loadDemo(ctx);
  const names = await world.all<{ name: string }>("select name from source where id = any ($1) order by name", [
    demo.source_ids,
  ]);
  expect(names.map(({ name }) => name)).toContain("demo-stripe-2");
  await removeDemo(ctx);
  await sweepUntilGone();
  expect(await countsOf("connection", "id = any ($1)", [taken.id])).toBe(1);
});

test("its traffic ends by the clock, and a door that does not answer is said", async () => {
  // Without the worker, whose own runs would send beside these.
  await using still = await createWorld({ withWorker: false });
  const { ctx, pool, config, env } = still;
  await loadDemo(ctx);
  const tools = { pool, config, publicGatewayUrl: env.publicGatewayUrl, doorUrls: ["http://127.0.0.1:9"] };
  await sendDemo({ ...tools, now: () => new Date(Date.now() + 60_000) }, { teamId: ctx.teamId });
  const said = await getDemo(ctx);
  expect(said.problem).toMatch(/No gateway answers at http:\/\/127\.0\.0\.1:9/);
  await sendDemo({ ...tools, now: () => new Date(Date.now() + 3_600_000) }, { teamId: ctx.teamId });
  expect(await getDemo(ctx)).toMatchObject({ sent_count: said.sent_count, state: "sending" });
  const jobs = "select run_at > now() as is_later from graphile_worker.jobs where key = 'send-demo:' || $1";
  expect((await pool.query(jobs, [ctx.teamId])).rows).toEqual([{ is_later: true }]);
});

test("the demo of one team is nobody else's", async () => {
  await using still = await createWorld({ withWorker: false });
  const { ctx, pool, config, env, doorUrl } = still;
  await ctx.app.db.team.create({ data: { id: "tm_other", name: "Other" } });
  const theirs = { ...ctx, teamId: "tm_other" };
  const ofBoth = [await loadDemo(ctx), await loadDemo(theirs)];
  const tools = { pool, config, publicGatewayUrl: env.publicGatewayUrl, doorUrls: [doorUrl], now: () => new Date() };
  for (const { teamId } of [ctx, theirs]) await sendDemo(tools, { teamId });
  await removeDemo(ctx);
  const later = () => new Date(Date.now() + 60_000);
  const gone = async () => {
    // What was handed to routing is waited for.
    await still.route();
    await removeDemoRows({ pool, now: later }, { teamId: ctx.teamId });
    return getDemo(ctx);
  };
  await eventually(gone, ({ state }) => state === "none");
  expect(await getDemo(theirs)).toMatchObject({ state: "sending", id: ofBoth[1]?.id });
  const left = await still.all<{ team_id: string }>("select distinct team_id from request");
  expect(left).toEqual([{ team_id: "tm_other" }]);
});
