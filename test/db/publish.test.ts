// Publishing over HTTP: at most once, and all of a batch or nothing.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeLog } from "#server/process/log.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { eventually } from "#test/support/world.ts";

let api: TestApi;
let sources = 0;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function makeSource(config: object = {}, type = "PUBLISH") {
  const { body } = await api.post("/v1/sources", { name: `orders-${++sources}`, type, config });
  return body as { id: string; name: string; url: string };
}
const rowsOf = async (sourceId: string) =>
  (
    await api.pool.query(
      "select id, event_type, provider_event_id, duplicate_of, verification, headers, content_type, body, path from request where source_id = $1 order by id",
      [sourceId],
    )
  ).rows;
const publish = (body: unknown, headers: Record<string, string> = {}) => api.post("/v1/publish", body, { headers });
const headersOf = (row: { headers: [string, string][] }) => Object.fromEntries(row.headers);

describe("one event", () => {
  test("is stored as a CloudEvent whose body is its data, and is handed to routing", async () => {
    const source = await makeSource();
    const answer = await publish({
      source: source.name,
      type: "order.paid",
      id: "o-1",
      occurred_at: "2026-05-29T02:00:00+02:00",
      resource_id: "order 7 ü",
      data: { amount: 1, note: "a" },
    });
    expect(answer.status).toBe(200);
    const [row, ...others] = await rowsOf(source.id);
    expect(others).toEqual([]);
    expect(answer.body).toEqual({
      published_count: 1,
      duplicate_count: 0,
      events: [{ request_id: row.id, id: "o-1", duplicate_of: null }],
    });
    expect(row).toMatchObject({
      event_type: "order.paid",
      provider_event_id: "o-1",
      verification: "authenticated",
      content_type: "application/json",
      path: "/",
    });
    expect(row.body.toString()).toBe('{"amount":1,"note":"a"}');
    expect(headersOf(row)).toEqual({
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "o-1",
      "ce-type": "order.paid",
      "ce-source": `/sources/${source.name}`,
      "ce-time": "2026-05-29T00:00:00.000Z",
      "ce-subject": "order%207%20%C3%BC",
    });
    const { rows } = await api.pool.query("select requests from hand_off");
    expect(JSON.stringify(rows)).toContain(row.id);
  });

  test("is of the time that it names, also of one before 1970", async () => {
    const source = await makeSource();
    await publish({ source: source.name, type: "moon.reached", occurred_at: "1969-07-20T20:17:40Z" });
    const [row] = await rowsOf(source.id);
    expect(headersOf(row)["ce-time"]).toBe("1969-07-20T20:17:40.000Z");
  });

  test("keeps every digit of its data, and is a duplicate by its id", async () => {
    const source = await makeSource();
    const raw = `{"source":"${source.id}","type":"t","id":"same","data":{"n":8202522731445525542}}`;
    const first = await api.call("POST", "/v1/publish", undefined, { raw });
    const second = await api.call("POST", "/v1/publish", undefined, { raw });
    expect(second.body).toMatchObject({
      published_count: 0,
      duplicate_count: 1,
      events: [{ duplicate_of: first.body.events[0].request_id }],
    });
    const [row] = await rowsOf(source.id);
    expect(row.body.toString()).toBe('{"n":8202522731445525542}');
  });

  test("without an id has one made, and without data has no body", async () => {
    const source = await makeSource();
    const { body } = await publish({ source: source.name, type: "tick" });
    const [row] = await rowsOf(source.id);
    expect(body.events[0]).toMatchObject({ id: row.id, request_id: row.id });
    expect(row).toMatchObject({ content_type: null });
    expect(row.body.length).toBe(0);
    // Nothing can repeat an id that was made here, so none is remembered.
    expect((await api.pool.query("select from provider_event where source_id = $1", [source.id])).rowCount).toBe(0);
  });
});

test("what the source or its team masks is shown to nobody", async () => {
  const source = await makeSource({ masked_paths: ["body.card"] });
  await api.patch("/v1/retention", { masked_paths: ["body.name"] });
  const { body } = await publish({ source: source.name, type: "t", data: { card: "4242", name: "Zoe", n: 1 } });
  await api.patch("/v1/retention", { masked_paths: [] });
  const shown = await api.get(`/v1/requests/${body.events[0].request_id}`);
  expect(shown.body.masks.toSorted()).toEqual(["body.card", "body.name"]);
  expect(shown.body.body).toMatchObject({ n: 1 });
  expect(shown.text).not.toMatch(/4242|Zoe/);
});

describe("a batch", () => {
  test("of a thousand is committed together, and of one more refused", async () => {
    const source = await makeSource();
    const events = Array.from({ length: 1_000 }, (_, n) => ({ type: "t", id: `n-${n}`, data: { n } }));
    const { status, body } = await publish({ source: source.name, events });
    expect(status).toBe(200);
    expect(body).toMatchObject({ published_count: 1_000, duplicate_count: 0 });
    expect((await rowsOf(source.id)).map(({ provider_event_id }) => provider_event_id)).toEqual(
      events.map(({ id }) => id),
    );
    expect((await publish({ source: source.name, events: [...events, { type: "t" }] })).status).toBe(422);
  });

  test("with one wrong event stores none, and says which", async () => {
    const source = await makeSource({ body_limit_bytes: 20 });
    const wrong = await publish({ source: source.name, events: [{ type: "t", data: 1 }, { data: 2 }] });
    expect(wrong.status).toBe(422);
    expect(wrong.body.error.issues[0].path).toBe("events[1].type");
    const large = await publish({ source: source.name, events: [{ type: "t" }, { type: "t", data: "x".repeat(20) }] });
    expect(large.status).toBe(413);
    expect(large.body.error.message).toContain("events[1].");
    expect(await rowsOf(source.id)).toEqual([]);
  });

  test("has each id once", async () => {
    const source = await makeSource();
    const { body } = await publish({
      source: source.name,
      events: [
        { type: "a", id: "1" },
        { type: "b", id: "1" },
      ],
    });
    expect(body).toMatchObject({ published_count: 1, duplicate_count: 1 });
    expect(body.events[1].duplicate_of).toBe(body.events[0].request_id);
  });
});

describe("an idempotency key", () => {
  test("gives the first answer to the same events, and refuses others", async () => {
    const source = await makeSource();
    const events = [{ type: "t", data: { n: 1 } }];
    const key = { "idempotency-key": '"k-1"' };
    const [first, twin] = await Promise.all([
      publish({ source: source.name, events }, key),
      publish({ source: source.name, events }, key),
    ]);
    expect(first?.status).toBe(200);
    expect(twin?.body).toEqual(first?.body);
    expect((await publish({ source: source.name, idempotency_key: "k-1", events })).body).toEqual(first?.body);
    const other = await publish({ source: source.name, idempotency_key: "k-1", events: [{ type: "t", data: 2 }] });
    expect(other.status).toBe(409);
    expect(other.body.error.message).toContain("new key");
    expect(await rowsOf(source.id)).toHaveLength(1);
  });

  test("is the team's own, and is forgotten after a day", async () => {
    const source = await makeSource();
    const body = { source: source.name, idempotency_key: "k-2", type: "t" };
    const first = await publish(body);
    const otherTeam = await api.makeTeam("others");
    const otherKey = await api.makeKey([otherTeam]);
    await api.post("/v1/sources", { name: source.name, type: "PUBLISH" }, { key: otherKey });
    const theirs = await api.post("/v1/publish", body, { key: otherKey });
    expect(theirs.status).toBe(200);
    expect(theirs.body.events[0].request_id).not.toBe(first.body.events[0].request_id);
    await purgeExpired(api.pool, makeLog("test", "silent"), {
      now: new Date(Date.now() + 25 * 3_600_000),
      retentionDays: 30,
    });
    const { rows } = await api.pool.query("select count(*)::int as n from publish_key");
    expect(rows[0].n).toBe(0);
  });

  test("of a refused publish stays free", async () => {
    const source = await makeSource({ rate_limit: 1, rate_limit_period: "hour" });
    const body = { source: source.name, type: "t" };
    expect((await publish(body)).status).toBe(200);
    const limited = await publish({ ...body, idempotency_key: "k-3" });
    expect(limited.status).toBe(429);
    expect(limited.body.error.message).toContain("nothing of this was published");
    await api.patch(`/v1/sources/${source.id}`, { config: { rate_limit: null } });
    expect((await publish({ ...body, idempotency_key: "k-3" })).status).toBe(200);
  });
});

test("another team publishes while a team's publishes wait for each other's key", async () => {
  const source = await makeSource();
  const otherKey = await api.makeKey([await api.makeTeam("meanwhile")]);
  await api.post("/v1/sources", { name: "theirs", type: "PUBLISH" }, { key: otherKey });
  const holder = await api.pool.connect();
  await using _key = { [Symbol.asyncDispose]: async () => holder.release(true) };
  await holder.query("begin");
  await holder.query("insert into publish_key (team_id, key, digest, created_at) values ($1, 'held', '', now())", [
    api.teamId,
  ]);
  let isAnswered = false;
  const ours = Array.from({ length: 4 }, async () => {
    const answer = await publish({ source: source.name, idempotency_key: "held", type: "t" });
    isAnswered = true;
    return answer.status;
  });
  const waiting = async () =>
    (await api.pool.query("select from pg_stat_activity where wait_event_type = 'Lock' and query like '%publish_key%'"))
      .rowCount;
  await eventually(waiting, (count) => count === 2);
  const theirs = await api.post("/v1/publish", { source: "theirs", type: "t" }, { key: otherKey });
  expect(theirs.status).toBe(200);
  expect(isAnswered).toBe(false);
  await holder.query("rollback");
  expect(await Promise.all(ours)).toEqual([200, 200, 200, 200]);
  expect(await rowsOf(source.id)).toHaveLength(1);
});

describe("who may publish what", () => {
  test("a key that reads may not, and one with event.publish alone may", async () => {
    const source = await makeSource();
    const read = await api.makeKey([api.teamId], "read");
    expect((await api.post("/v1/publish", { source: source.name, type: "t" }, { key: read })).status).toBe(403);
    const narrow = await api.post("/v1/api-keys", {
      name: "publisher",
      scope: "write",
      capabilities: ["event.publish"],
    });
    const secret = narrow.body.key;
    expect((await api.post("/v1/publish", { source: source.name, type: "t" }, { key: secret })).status).toBe(200);
    expect((await api.post("/v1/sources", { name: "x" }, { key: secret })).status).toBe(403);
  });

  test("nothing is published on a provider's source, on a disabled one, or on one that is not there", async () => {
    const webhook = await makeSource({}, "WEBHOOK");
    expect((await publish({ source: webhook.name, type: "t" })).body.error.message).toContain("type PUBLISH");
    const source = await makeSource();
    await api.put(`/v1/sources/${source.id}/disable`, {});
    expect((await publish({ source: source.name, type: "t" })).status).toBe(409);
    expect((await publish({ source: "nowhere", type: "t" })).status).toBe(404);
  });

  test("nobody speaks for the system source, and it is given no other type", async () => {
    const key = await api.makeKey([await api.makeTeam("told")]);
    const { body: system } = await api.post("/v1/sources/system", {}, { key });
    const retyped = await api.patch(`/v1/sources/${system.id}`, { type: "PUBLISH" }, { key });
    expect(retyped.status).toBe(422);
    expect(retyped.body.error.issues[0]).toMatchObject({
      path: "type",
      message: expect.stringContaining("keeps its type"),
    });
    const answer = await api.post("/v1/publish", { source: system.id, type: "issue.opened" }, { key });
    expect(answer.status).toBe(422);
    expect(answer.body.error.issues[0]).toMatchObject({
      path: "source",
      message: expect.stringContaining("system source"),
    });
    expect(await rowsOf(system.id)).toEqual([]);
  });

  test("a source of type PUBLISH has no door", async () => {
    const source = await makeSource();
    expect(source.url).toMatch(/\/v1\/publish$/);
    const { rows } = await api.pool.query("select key from source where id = $1", [source.id]);
    const answer = await fetch(`${api.origin}/e/${rows[0].key}`, { method: "POST", body: "{}" });
    expect(answer.status).toBe(404);
  });

  test("a source of type PUBLISH is drawn as one of known senders, and is none that a stranger may try", async () => {
    const key = await api.makeKey([await api.makeTeam("without a door")]);
    const asOther = { key };
    await api.post("/v1/sources/system", {}, asOther);
    const open = await api.post("/v1/sources", { name: "open" }, asOther);
    const { body } = await api.post("/v1/sources", { name: "orders", type: "PUBLISH" }, asOther);
    const { sources } = (await api.get("/v1/topology", asOther)).body;
    expect(sources.find(({ id }: { id: string }) => id === body.id).verification).toBe("shared_secret");
    expect((await api.get("/v1/overview", asOther)).body.open_source_url).toBe(open.body.url);
  });

  test.each([
    ["text/plain", "hello"],
    ["application/json", "[1]"],
    ["application/json", "{"],
    ["application/json", '{"__proto__":{"a":1}}'],
    ["application/cloudevents-batch+json", "{}"],
    ["application/json", ""],
  ])("a body of %s that is none (%s) is a 4xx", async (type, raw) => {
    const answer = await api.call("POST", "/v1/publish", undefined, { raw, headers: { "content-type": type } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});
