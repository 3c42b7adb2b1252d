// Masks of a source: what stands at its paths is seen by nobody, delivered as it came, and gone from every table when the last
// event of the request has ended.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { maskTeam } from "#server/masking/mask-at-rest.ts";
import { pauseConnection } from "#server/resources/connections.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { startSecondDoor } from "#test/support/second-door.ts";
import { tablesWith } from "#test/support/stored-text.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const MASKED = ["body.user.card", "headers.x-card", "query.card"];
const LATER_MS = 4 * 60_000;

let world: World;
let echo: Awaited<ReturnType<typeof startReceiver>>;
let door: Awaited<ReturnType<typeof startSecondDoor>>;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  door = await startSecondDoor(world);
  echo = await startReceiver(({ body }) => ({ body: body.toString() }));
  key = newApiKey();
  const row = { key, name: "test", scope: "write" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), row) });
});
afterAll(async () => {
  await echo[Symbol.asyncDispose]();
  await door[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function call(method: string, path: string, body?: object) {
  const answer = await fetch(`${world.doorUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered
  return { status: answer.status, text, body: (text.startsWith("{") ? JSON.parse(text) : null) as any };
}

async function send(sourceId: string, secret: string): Promise<string> {
  const { key: url } = await world.ctx.app.db.source.findUniqueOrThrow({ where: { id: sourceId } });
  const answer = await fetch(`${door.url}/e/${url}?card=${secret}&page=1`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-card": secret },
    body: bodyOf(secret),
  });
  return ((await answer.json()) as { request_id: string }).request_id;
}
const bodyOf = (secret: string) => `{"n": 12345678901234567890,"user": {"card": "${secret}","name": "Ada"}}`;

const delivered = (connectionId: string) =>
  eventually(
    () => world.events(connectionId),
    (events) => events.length > 0 && events.every(({ status }) => status === "DELIVERED"),
  );

const mask = (laterMs = LATER_MS) => {
  const { pool, log } = world.worker;
  const tools = { pool, log, now: () => new Date(Date.now() + laterMs), clock: { monotonicMs: () => 0 } };
  return maskTeam(tools, world.ctx.teamId);
};

/** A masked source, with a connection as it is, one that copies the secret elsewhere, and one whose filter shows it. */
async function makeMasked(name: string) {
  const plain = await world.connect({
    name: `${name}-plain`,
    source: { name, config: { masked_paths: MASKED } },
    destination: { name, config: { url: echo.url } },
  });
  const ends = { source_id: plain.source_id, destination_id: plain.destination_id };
  const code =
    "request.headers['x-copy'] = request.body.user.card; request.body.copy = request.body.user.card; return request;";
  const { id } = await createTransformation(world.ctx, { name: `${name}-copies`, code });
  const rules = [{ type: "transform" as const, transformation_id: id }];
  const copying = await world.connect({ name: `${name}-copying`, ...ends, rules });
  const filter = [{ type: "filter" as const, body: { user: { card: "other" } } }];
  const filtered = await world.connect({ name: `${name}-filtered`, ...ends, rules: filter });
  return { plain, copying, filtered };
}

/** All that can be read of a request and its branches. */
async function readAll(
  id: string,
  { id: connectionId, source_id: sourceId }: { id: string; source_id: string },
): Promise<string> {
  const search = encodeURIComponent(JSON.stringify({ user: { name: "Ada" } }));
  const paths = [
    `/requests/${id}`,
    `/requests/${id}/body`,
    `/requests/${id}/raw_body`,
    `/requests/${id}/rule_request`,
    `/requests/${id}/verification`,
    `/requests/${id}/branches`,
    `/requests/${id}/ignored_events`,
    `/sources/${sourceId}/samples`,
    "/requests",
    `/requests?body=${search}`,
    "/attempts",
  ];
  const { data: events } = (await call("GET", `/requests/${id}/events`)).body;
  for (const event of events)
    paths.push(`/events/${event.id}`, `/events/${event.id}/body`, `/events/${event.id}/raw_body`);
  const answers = await Promise.all(paths.map((path) => call("GET", path)));
  const dryRun = await call("POST", `/connections/${connectionId}/dry-run`, {
    rules: [{ type: "filter", body: { user: { card: "x" } } }],
  });
  expect(dryRun.status).toBe(200);
  return [...answers, dryRun].map(({ text }) => text).join("\n");
}

describe("what stands at the masks of a source", () => {
  const secret = "CANARY-card-0123456789";

  test("is delivered as it came, seen by nobody, and gone from every table when all is over", async () => {
    const { plain, copying, filtered } = await makeMasked("paid");
    const id = await send(plain.source_id, secret);
    await Promise.all([delivered(plain.id), delivered(copying.id)]);
    await eventually(
      () => world.ignored(filtered.id),
      (rows) => rows.length === 1,
    );
    expect(echo.receipts.some(({ body }) => body.toString() === bodyOf(secret))).toBe(true);
    expect(await tablesWith(world, secret)).not.toEqual([]);

    const before = await readAll(id, plain);
    expect(before).not.toContain(secret);
    const request = (await call("GET", `/requests/${id}`)).body;
    expect(request).toMatchObject({
      masks: MASKED,
      query: "card=***&page=1",
      body: { user: { card: "***", name: "Ada" } },
    });
    expect((await call("GET", `/requests/${id}/raw_body`)).text).toBe(bodyOf("***"));
    const oracle = encodeURIComponent(JSON.stringify({ user: { card: secret } }));
    for (const list of ["requests", "events"])
      expect((await call("GET", `/${list}?body=${oracle}`)).body.data).toEqual([]);

    await world.pool.query("update event set turn_key = $2 where request_id = $1", [id, `turn of ${secret}`]);
    // Nobody knows yet whether there will be another attempt.
    await mask(0);
    expect(await tablesWith(world, secret)).not.toEqual([]);
    await mask();
    expect(await tablesWith(world, secret)).toEqual([]);
    expect(await readAll(id, plain)).not.toContain(secret);
    const [stored] = await world.all<{ body: Buffer; masked_at: Date }>(
      "select body, masked_at from request where id = $1",
      [id],
    );
    expect([stored?.body.toString(), stored?.masked_at]).toEqual([bodyOf("***"), expect.any(Date)]);
    const [attempt] = await world.attempts((await world.events(plain.id))[0]?.id ?? "");
    expect((await call("GET", `/attempts/${attempt?.id}`)).body).toMatchObject({
      is_withheld: false,
      response_body: "***",
    });
  });

  test("goes out masked where it is sent again afterwards, and says so", async () => {
    const { plain, copying } = await makeMasked("again");
    await send(plain.source_id, secret);
    const [[event]] = await Promise.all([delivered(plain.id), delivered(copying.id)]);
    await mask();
    const seen = echo.receipts.length;
    expect((await call("POST", `/events/${event?.id}/retry`)).status).toBe(200);
    await echo.received(seen + 1);
    const last = echo.receipts.at(-1);
    expect([last?.body.toString(), last?.headers["x-switchyard-masked"], last?.headers["x-card"]]).toEqual([
      bodyOf("***"),
      "true",
      undefined,
    ]);
    expect(echo.receipts.slice(0, seen).every(({ headers }) => headers["x-switchyard-masked"] === undefined)).toBe(
      true,
    );
  });

  test("stays until its last event has ended", async () => {
    const owed = "CANARY-owed-card-0123456789";
    const { plain, copying } = await makeMasked("owed");
    await pauseConnection(world.ctx, { id: plain.id });
    const id = await send(plain.source_id, owed);
    await delivered(copying.id);
    await eventually(
      () => world.events(plain.id),
      ([event]) => event?.status === "HOLD",
    );
    await mask();
    expect(await tablesWith(world, owed)).not.toEqual([]);
    expect(await readAll(id, plain)).not.toContain(owed);
    const [event] = await world.events(plain.id);
    await call("PUT", `/events/${event?.id}/cancel`);
    await mask();
    expect(await tablesWith(world, owed)).toEqual([]);
  });

  test("stays while a dead letter is to be made of it, and where a retry comes in between", async () => {
    const wanted = "CANARY-wanted-0123456789";
    const { plain, copying } = await makeMasked("wanted");
    await send(plain.source_id, wanted);
    const [[event]] = await Promise.all([delivered(plain.id), delivered(copying.id)]);
    const ids = [world.ctx.teamId, event?.id];
    await world.pool.query("insert into dead_letter (team_id, event_id, destination_id) values ($1, $2, $3)", [
      ...ids,
      plain.destination_id,
    ]);
    await mask();
    expect(await tablesWith(world, wanted)).not.toEqual([]);
    await world.pool.query("delete from dead_letter where team_id = $1 and event_id = $2", ids);
    const client = await world.pool.connect();
    try {
      await client.query("begin");
      await client.query("update event set status = 'HOLD' where team_id = $1 and id = $2", ids);
      const masking = mask();
      const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%is_owed%'";
      await eventually(
        () => world.all(waiting),
        ({ length }) => length > 0,
      );
      await client.query("commit");
      await masking;
    } finally {
      client.release();
    }
    expect(await tablesWith(world, wanted)).not.toEqual([]);
    await world.pool.query("update event set status = 'DELIVERED' where team_id = $1 and id = $2", ids);
    await mask();
    expect(await tablesWith(world, wanted)).toEqual([]);
  });

  test("is not told by the standing of an order that is kept by it", async () => {
    const key = "CANARY-order-0123456789";
    const connection = await world.connect({
      name: "ordered",
      source: { name: "ordered", config: { masked_paths: MASKED } },
      destination: {
        name: "ordered",
        config: { url: echo.url, ordering: "by_key", ordering_key: "body.user.card" },
      },
    });
    await pauseConnection(world.ctx, { id: connection.id });
    await send(connection.source_id, key);
    await send(connection.source_id, key);
    const { body } = await eventually(
      () => call("GET", `/destinations/${connection.destination_id}/order`),
      ({ body: order }) => order.blocked.length === 1 && order.longest?.waiting === 1,
    );
    expect(JSON.stringify(body)).not.toContain(key);
    expect([body.blocked[0].order_value, body.longest.order_value]).toEqual(["***", "***"]);
  });

  test("goes whole or not at all where a worker dies in the middle of it", async () => {
    const half = "CANARY-half-0123456789";
    const { plain, copying } = await makeMasked("half");
    await send(plain.source_id, half);
    await Promise.all([delivered(plain.id), delivered(copying.id)]);
    await world.pool.query(`create function refuse_mask() returns trigger language plpgsql as
      $$ begin if new.masked_at is not null then raise exception 'the worker is gone'; end if; return new; end $$`);
    await world.pool.query(
      "create trigger refuse_mask before update on request for each row execute function refuse_mask()",
    );
    const before = await tablesWith(world, half);
    await mask();
    expect(await tablesWith(world, half)).toEqual(before);
    await world.pool.query("drop trigger refuse_mask on request");
    await mask();
    expect(await tablesWith(world, half)).toEqual([]);
  });
});

test("a path that is none is refused at its place", async () => {
  const wrong = await call("POST", "/sources", { name: "wrong", config: { masked_paths: ["card"] } });
  expect([wrong.status, wrong.body.error.issues[0].path]).toEqual([422, "config.masked_paths[0]"]);
  const right = await call("POST", "/sources", { name: "right", config: { masked_paths: ["body.card"] } });
  expect(right.body.config.masked_paths).toEqual(["body.card"]);
});
