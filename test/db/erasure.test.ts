// Erasure, as somebody means it who asks to be forgotten: what they sent is planted wherever it can get to, and then looked
// for in every column of every table.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import { type Branches, branchesStatement, eraseAgain } from "#server/events/erase.sql.ts";
import { newId } from "#server/ids.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { eraseRequest } from "#server/resources/erase-request.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { tablesWith } from "#test/support/stored-text.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
let echo: Awaited<ReturnType<typeof startReceiver>>;
let failing: Awaited<ReturnType<typeof startReceiver>>;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  echo = await startReceiver(({ body, headers }) => ({
    headers: { "x-echo": String(headers["x-user"] ?? "") },
    body: body.toString(),
  }));
  failing = await startReceiver(({ body }) => ({ status: 500, body: `cannot take ${body.toString()}` }));
  key = await makeKey(world.ctx.teamId);
});
afterAll(async () => {
  await failing[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function makeKey(teamId: string, scope: ApiKeyScope = "write") {
  const made = newApiKey();
  const row = apiKeyRow(new Date(), { key: made, name: "test", scope, teamIds: [teamId], expiresAt: null });
  await world.ctx.app.db.apiKey.create({ data: row });
  return made;
}

async function call(method: string, path: string, body?: object, as = key) {
  const answer = await fetch(`${world.doorUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${as}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered
  return { status: answer.status, text, body: (text.startsWith("{") ? JSON.parse(text) : null) as any };
}
const erase = (id: string, more: object = {}) =>
  call("POST", `/requests/${id}/erase`, { reason: "asked for", ...more });

async function send(source: { url: string }, secret: string): Promise<string> {
  const answer = await fetch(`${world.ingestUrl(source)}/of/${secret}?user=${secret}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-user": secret },
    body: JSON.stringify({ user: secret, n: 1 }),
  });
  return ((await answer.json()) as { request_id: string }).request_id;
}

const ended = (connectionId: string, count: number) =>
  eventually(
    () => world.events(connectionId),
    (events) => events.filter(({ status }) => ["DELIVERED", "FAILED"].includes(status)).length === count,
  );

test("leaves nothing of the payload in any table, and of another request everything", async () => {
  const [secret, other] = ["CANARY-forget-me-0123456789", "CANARY-keep-me-0123456789"];
  const adds = await createTransformation(world.ctx, {
    name: "adds",
    code: "request.headers['x-copy'] = request.body.user; request.body.copy = request.body.user; console.log(request.body.user); return request;",
  });
  const throws = await createTransformation(world.ctx, { name: "throws", code: "throw new Error(request.body.user)" });
  const changed = await world.connect({
    name: "changed",
    source: { name: "people" },
    destination: { name: "echo", config: { url: echo.url, ordering: "by_key", ordering_key: "body.user" } },
    rules: [{ type: "transform", transformation_id: adds.id }],
  });
  const ofSource = { source_id: changed.source_id };
  await world.connect({
    name: "filtered",
    ...ofSource,
    destination_id: changed.destination_id,
    rules: [{ type: "filter", body: { user: "nobody" } }],
  });
  const thrown = await world.connect({
    name: "thrown",
    ...ofSource,
    destination_id: changed.destination_id,
    rules: [{ type: "transform", transformation_id: throws.id }],
  });
  const letters = await world.connect({
    name: "letters",
    source: { name: "elsewhere" },
    destination: { name: "letters", config: { url: echo.url } },
  });
  const failed = await world.connect({
    name: "failed",
    ...ofSource,
    destination: { name: "failing", config: { url: failing.url, dead_letter_destination_id: letters.destination_id } },
    rules: [{ type: "retry", strategy: "custom", interval: 1_000, count: 1, response_status_codes: ["!500-599"] }],
  });
  const source = await world.ctx.app.db.source.findUniqueOrThrow({ where: { id: changed.source_id } });
  const url = `${world.doorUrl}/e/${source.key}`;
  const id = await send({ url }, secret);
  await send({ url }, other);
  await ended(changed.id, 2);
  // Each failed event has its letter.
  await ended(failed.id, 4);
  await eventually(
    () => world.ignored(thrown.id),
    (rows) => rows.length === 2,
  );
  const before = await tablesWith(world, secret);
  for (const table of ["request", "event", "attempt", "ignored_event"])
    expect(before.some((name) => name.includes(`.${table}_`))).toBe(true);

  const plan = await call("GET", `/requests/${id}/erase/plan`);
  expect(plan.body).toMatchObject({ events: 3, unfinished_events: 0, ignored_events: 2, attempts: 3, erased_at: null });
  expect(plan.body.delivered.map((one: { destination_name: string }) => one.destination_name).sort()).toEqual([
    "echo",
    "letters",
  ]);
  const done = await erase(id);
  expect([done.status, done.body]).toMatchObject([
    200,
    { request_id: id, events: 3, attempts: 3, cancelled_events: 0 },
  ]);
  expect(await tablesWith(world, secret)).toEqual([]);
  expect((await tablesWith(world, other)).length).toBe(before.length);

  // Whoever reads it is told, and whoever wants to send it again is refused.
  const { body: request } = await call("GET", `/requests/${id}`);
  expect(request).toMatchObject({ path: "/", query: "", headers: [], body: null, remote_ip: "", content_type: null });
  expect(request.erased_at).toBe(done.body.erased_at);
  expect((await call("GET", `/requests?id=${request.id}`)).body.data[0]?.erased_at).toBe(request.erased_at);
  expect((await call("GET", `/requests/${id}/body`)).body).toMatchObject({ kind: "erased", text: null });
  expect((await call("GET", `/requests/${id}/verification`)).status).toBe(200);
  const [event] = await world.events(changed.id);
  expect((await call("GET", `/events/${event?.id}`)).body).toMatchObject({
    erased_at: request.erased_at,
    why: expect.any(Array),
  });
  expect((await call("GET", `/events/${event?.id}/body`)).body.kind).toBe("erased");
  const refused = [
    await call("GET", `/requests/${id}/raw_body`),
    await call("GET", `/requests/${id}/rule_request`),
    await call("POST", `/requests/${id}/retry`, {}),
    await call("GET", `/events/${event?.id}/raw_body`),
    await call("POST", `/events/${event?.id}/retry`),
  ];
  for (const { status, body } of refused)
    expect([status, body.error.message]).toEqual([409, expect.stringContaining("was erased")]);
  const search = await call("GET", `/requests?body=${encodeURIComponent(JSON.stringify({ user: secret }))}`);
  expect(search.body.data).toEqual([]);
  const bulk = await call("POST", "/bulk/events/retry/plan", { connection_id: [changed.id], from: "now-1h" });
  const dryRun = await call("POST", `/connections/${changed.id}/dry-run`, { rules: [] });
  expect([bulk.text, bulk.status, dryRun.status, dryRun.text.includes(id)]).toEqual([
    expect.stringContaining("request_gone"),
    200,
    200,
    false,
  ]);

  const again = await erase(id);
  expect(again.body.erased_at).toBe(done.body.erased_at);
  const { body: audit } = await call("GET", `/audit?resource_id=${id}`);
  expect(audit.data[1]).toMatchObject({ action: "erase", after: { reason: "asked for", events: 3, attempts: 3 } });
});

describe("an event that is not finished", () => {
  const secret = "CANARY-still-owed-0123456789";
  async function held(name: string) {
    const connection = await world.connect({
      name,
      source: { name },
      destination: { name, config: { url: echo.url } },
    });
    await pauseConnection(world.ctx, { id: connection.id });
    const source = await world.ctx.app.db.source.findUniqueOrThrow({ where: { id: connection.source_id } });
    const id = await send({ url: `${world.doorUrl}/e/${source.key}` }, secret);
    await eventually(
      () => world.events(connection.id),
      ([event]) => event?.status === "HOLD",
    );
    return { connection, id };
  }

  test("is a reason to refuse, with the remedy, and nothing is erased", async () => {
    const { id, connection } = await held("owed");
    const refused = await erase(id);
    expect([refused.status, refused.body.error.message]).toEqual([409, expect.stringContaining("cancel_unfinished")]);
    expect((await call("GET", `/requests/${id}`)).body).toMatchObject({ erased_at: null, body: { user: secret } });
    expect((await world.events(connection.id))[0]?.status).toBe("HOLD");
    await erase(id, { cancel_unfinished: true });
  });

  test("is cancelled where that is asked for, and never sent", async () => {
    const { id, connection } = await held("given-up");
    const receipts = echo.receipts.length;
    expect((await erase(id, { cancel_unfinished: true })).body).toMatchObject({ cancelled_events: 1 });
    await unpauseConnection(world.ctx, { id: connection.id });
    expect(await tablesWith(world, secret)).toEqual([]);
    expect((await world.events(connection.id))[0]).toMatchObject({ status: "CANCELLED" });
    expect(echo.receipts.length).toBe(receipts);
  });
});

test("what was on the wire meanwhile goes a little later", async () => {
  const secret = "CANARY-late-0123456789";
  const connection = await world.connect({
    name: "late",
    source: { name: "late" },
    destination: { name: "late", config: { url: echo.url } },
  });
  const source = await world.ctx.app.db.source.findUniqueOrThrow({ where: { id: connection.source_id } });
  const id = await send({ url: `${world.doorUrl}/e/${source.key}` }, secret);
  const [event] = await ended(connection.id, 1);
  await world.pool.query("update event set turn_key = $2 where id = $1", [event?.id, `turn of ${secret}`]);
  await erase(id);
  expect(await tablesWith(world, secret)).toEqual([]);
  await world.pool.query(
    `insert into attempt select team_id, $2, event_id, source_id, connection_id, destination_id, 2, trigger, $3, http_method,
       $4, 200, $4, $5, null, 1, now(), phases from attempt where event_id = $1`,
    [
      event?.id,
      newId("attempt"),
      `http://127.0.0.1/${secret}`,
      JSON.stringify([["x-user", secret]]),
      Buffer.from(secret),
    ],
  );
  expect(await tablesWith(world, secret)).not.toEqual([]);
  const jobs = await world.all("select 1 from graphile_worker.jobs where key = $1", [`erase-again:${id}`]);
  expect(jobs.length).toBe(1);
  await eraseAgain(world.pool, { teamId: world.ctx.teamId, requestId: id }, new Date());
  expect(await tablesWith(world, secret)).toEqual([]);
});

test("is for an admin of the team alone, and says why", async () => {
  const secret = "CANARY-others-0123456789";
  const connection = await world.connect({
    name: "others",
    source: { name: "others" },
    destination: { name: "others", config: { url: echo.url } },
  });
  const source = await world.ctx.app.db.source.findUniqueOrThrow({ where: { id: connection.source_id } });
  const id = await send({ url: `${world.doorUrl}/e/${source.key}` }, secret);
  await ended(connection.id, 1);
  await world.ctx.app.db.team.create({ data: { id: "tm_other", name: "Other" } });
  const [stranger, reader] = [await makeKey("tm_other"), await makeKey(world.ctx.teamId, "read")];
  const wanted = { reason: "mine" };
  expect((await call("POST", `/requests/${id}/erase`, wanted, stranger)).status).toBe(404);
  expect((await call("GET", `/requests/${id}/erase/plan`, undefined, stranger)).status).toBe(404);
  expect((await call("POST", `/requests/${id}/erase`, wanted, reader)).status).toBe(403);
  const silent = await call("POST", `/requests/${id}/erase`, { reason: " " });
  expect([silent.status, silent.body.error.issues[0].path]).toEqual([422, "reason"]);
  expect((await tablesWith(world, secret)).length).toBeGreaterThan(0);
});

test("waits until the request is routed", async () => {
  await using quiet = await createWorld({ withWorker: false });
  const connection = await quiet.connect({
    name: "later",
    source: { name: "later" },
    destination: { name: "later", config: { url: echo.url } },
  });
  const source = await quiet.ctx.app.db.source.findUniqueOrThrow({ where: { id: connection.source_id } });
  const answer = await fetch(`${quiet.doorUrl}/e/${source.key}`, { method: "POST", body: "x" });
  const { request_id: id } = (await answer.json()) as { request_id: string };
  await expect(eraseRequest(quiet.ctx, { id, reason: "r" })).rejects.toThrow("is being routed");
  await quiet.route();
  await expect(eraseRequest(quiet.ctx, { id, reason: "r" })).rejects.toThrow("cancel_unfinished");
});

test("is found in the lists of what waits for routing by its own team alone, and without reading every list", async () => {
  await using quiet = await createWorld({ withWorker: false });
  const { pool, ctx } = quiet;
  const [low, asked, high] = [1, 2, 3].map((n) => newId("request", Date.now() + n)) as [string, string, string];
  const isBeingRouted = async () => {
    const { text, values } = branchesStatement({ teamId: ctx.teamId, requestId: asked });
    return (await pool.query<Branches>(text, values)).rows[0]?.is_being_routed;
  };
  const hand = (...requests: string[][]) =>
    pool.query("insert into hand_off (requests) values ($1::json)", [JSON.stringify(requests)]);
  await hand(["tm_other", asked, "src_b"], [ctx.teamId, high, "src_a"]);
  expect(await isBeingRouted()).toBe(false);
  await hand([ctx.teamId, low, "src_a"], [ctx.teamId, asked, "src_a"], [ctx.teamId, high, "src_a"]);
  expect(await isBeingRouted()).toBe(true);
  await pool.query(`insert into hand_off (requests, first_id, last_id)
    select json_build_array(json_build_array('tm_other', id, 'src_b')), id, id
    from (select 'req_' || lpad(n::text, 26, '0') as id from generate_series(1, 5000) as n) as made`);
  await pool.query("analyze hand_off");
  const { text, values } = branchesStatement({ teamId: ctx.teamId, requestId: asked });
  const plan = await pool.query(`explain ${text}`, values);
  expect(JSON.stringify(plan.rows)).toContain("hand_off_first_id_last_id_idx");
});
