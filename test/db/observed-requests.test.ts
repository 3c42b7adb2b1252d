import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROLES } from "#server/auth/roles.ts";
import { ListRequestChildren, ListRequests } from "#server/contracts/request.ts";
import { newId } from "#server/ids.ts";
import { pageWindow } from "#server/resources/paging.ts";
import { listIgnoredEvents, listRequestEvents } from "#server/resources/request-children.ts";
import { requestsStatement } from "#server/resources/requests.sql.ts";
import { getRawBody, getRequest, listRequests, retryRequest } from "#server/resources/requests.ts";
import { createObservedWorld } from "#test/support/observed-rows.ts";

const NOW = new Date("2026-05-29T12:00:00.000Z");
const HOUR = 3_600_000;

let world: Awaited<ReturnType<typeof createObservedWorld>>;
beforeAll(async () => {
  world = await createObservedWorld(NOW);
});
afterAll(() => world[Symbol.asyncDispose]());

type Team = Awaited<ReturnType<typeof world.team>>;
const list = async (team: Team, fields: Record<string, unknown> = {}) =>
  listRequests(team.ctx, ListRequests.parse(fields));
const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);

describe("the list of requests", () => {
  test("pages across days in both directions without gap or repeat, though rows arrive meanwhile", async () => {
    const team = await world.team();
    const source = await team.source();
    const ids: string[] = [];
    for (let i = 0; i < 11; i++) ids.unshift((await team.request(source, { agoMs: 5 * 24 * HOUR - i * 12 * HOUR })).id);
    const first = await list(team, { limit: 4 });
    // Not in the millisecond of the newest one, where either may sort first.
    await team.request(source, { agoMs: -1 });
    const second = await list(team, { limit: 4, next: first.pagination.next });
    const third = await list(team, { limit: 4, next: second.pagination.next });
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(ids);
    expect(third.pagination.next).toBeNull();
    expect(idsOf(await list(team, { limit: 4, prev: third.pagination.prev }))).toEqual(idsOf(second));
    expect(idsOf(await list(team, { limit: 4, prev: second.pagination.prev }))).toEqual(idsOf(first));
    expect(idsOf(await list(team, { dir: "asc", limit: 3 }))).toEqual(ids.toReversed().slice(0, 3));
  });

  test("counts the events and ignored events of each request, and not those of its neighbours in the same millisecond", async () => {
    const team = await world.team();
    const [source, destination] = [await team.source(), await team.destination()];
    const branches = [await team.connection(source, destination), await team.connection(source, destination)] as const;
    const busy = await team.request(source);
    const neighbour = await team.request(source);
    for (const branch of branches) await team.event(busy, branch);
    await team.event(neighbour, branches[0]);
    await team.ignored(neighbour, branches[1]);
    const counts = new Map((await list(team)).data.map((row) => [row.id, [row.events_count, row.ignored_count]]));
    expect(counts.get(busy.id)).toEqual([2, 0]);
    expect(counts.get(neighbour.id)).toEqual([1, 1]);
  });

  test("every filter keeps what matches and nothing else", async () => {
    const team = await world.team();
    const [a, b] = [await team.source(), await team.source()];
    const old = await team.request(a, { agoMs: 30 * HOUR });
    const rejected = await team.request(a, {
      status: "rejected",
      verified: false,
      rejection_cause: "VERIFICATION_FAILED",
    });
    const typed = await team.request(b, { event_type: "invoice.paid", provider_event_id: "evt_1" });
    const all = [old.id, rejected.id, typed.id];
    const filtered = async (fields: Record<string, unknown>) => idsOf(await list(team, fields)).sort();
    expect(await filtered({})).toEqual(all.toSorted());
    expect(await filtered({ source_id: a })).toEqual([old.id, rejected.id].sort());
    expect(await filtered({ source_id: `${a},${b}` })).toEqual(all.toSorted());
    expect(await filtered({ status: "rejected" })).toEqual([rejected.id]);
    expect(await filtered({ verified: "false" })).toEqual([rejected.id]);
    expect(await filtered({ rejection_cause: "VERIFICATION_FAILED,SOURCE_DISABLED" })).toEqual([rejected.id]);
    expect(await filtered({ event_type: "invoice.paid" })).toEqual([typed.id]);
    expect(await filtered({ provider_event_id: "evt_1" })).toEqual([typed.id]);
    expect(await filtered({ id: [old.id, typed.id] })).toEqual([old.id, typed.id].sort());
    expect(await filtered({ from: "now-24h" })).toEqual([rejected.id, typed.id].sort());
    expect(await filtered({ to: "now-24h" })).toEqual([old.id]);
  });

  test("a search in bodies finds containment and passes over bodies that are no JSON, hold U+0000 or are not UTF-8", async () => {
    const team = await world.team();
    const source = await team.source();
    const found = await team.request(source, { body: '{"type":"invoice.paid","data":{"id":7,"tags":["a","b"]}}' });
    await team.request(source, { body: '{"type":"invoice.paid","data":{"id":8}}' });
    await team.request(source, { body: '{"data":{"id":7},"text":"\\u0000"}' });
    await team.request(source, { body: Buffer.from([0xff, 0xfe, 0x00]) });
    await team.request(source, { body: "data=7", content_type: "application/x-www-form-urlencoded" });
    await team.request(source, { body: "" });
    const old = await team.request(source, { body: '{"data":{"id":7}}', agoMs: 30 * HOUR });
    expect(idsOf(await list(team, { body: '{"data":{"id":7}}' }))).toEqual([found.id]);
    expect(idsOf(await list(team, { body: { data: { tags: ["b"] } } }))).toEqual([found.id]);
    expect(idsOf(await list(team, { body: { data: { id: 7 } }, from: "now-3d" }))).toEqual([found.id, old.id]);
    expect(idsOf(await list(team, { body: { "'; drop table request; --": 1 } }))).toEqual([]);
  });

  test("a search for what jsonb cannot hold is refused, a backslash before u0000 is not", async () => {
    const team = await world.team();
    await team.request(await team.source(), { body: '{"a":"\\\\u0000"}' });
    await expect(list(team, { body: { a: "\u0000" } })).rejects.toMatchObject({ code: "UNPROCESSABLE" });
    await expect(list(team, { body: { a: "\ud800" } })).rejects.toMatchObject({ issues: [{ path: "body" }] });
    expect((await list(team, { body: { a: "\\u0000" } })).data).toHaveLength(1);
  });

  test("from and to read only the partitions of their days", async () => {
    const team = await world.team();
    const input = ListRequests.parse({ from: "now-1h", to: "now" });
    const statement = requestsStatement(team.ctx, input, pageWindow("request", input, NOW));
    const { rows } = await world.pool.query(`explain ${statement.text}`, statement.values);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect([...new Set(plan.match(/request_\d{8}/g))]).toEqual(["request_20260529"]);
  });

  test("the rejected ones are found without reading those that were accepted", async () => {
    const team = await world.team();
    const source = await team.source();
    await world.pool.query(
      `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
       select $1, $2 || lpad(n::text, 16, '0'), $3, 'accepted', false, 'POST', '/', '', '[]', '', 0, '127.0.0.1', $4 from generate_series(1, 5000) as n`,
      [team.ctx.teamId, newId("request", NOW.getTime()).slice(0, 14), source, NOW],
    );
    await world.pool.query("analyze request");
    const input = ListRequests.parse({ status: "rejected", from: "now-1h" });
    const statement = requestsStatement(team.ctx, input, pageWindow("request", input, NOW));
    const { rows } = await world.pool.query(`explain (analyze, format json) ${statement.text}`, statement.values);
    const passedOver = [...JSON.stringify(rows).matchAll(/"Rows Removed by Filter":(\d+)/g)].map(([, count]) =>
      Number(count),
    );
    expect(Math.max(0, ...passedOver)).toBe(0);
  });
});

describe("one request", () => {
  test("shows headers as received and the parsed body; raw_body gives the exact bytes", async () => {
    const team = await world.team();
    const headers = [
      ["X-Tag", "a"],
      ["x-tag", "b"],
    ];
    const text = '{ "a": 1.0 }';
    const { id } = await team.request(await team.source(), { body: text, headers });
    expect(await getRequest(team.ctx, { id })).toMatchObject({
      id,
      headers,
      body: { a: 1 },
      events_count: 0,
      created_at: NOW.toISOString(),
    });
    expect(await getRawBody(team.ctx, { id })).toEqual({ content_type: "application/json", body: Buffer.from(text) });
  });

  test("of another team is not found, by any verb, and appears in no list", async () => {
    const [owner, other] = [await world.team(), await world.team()];
    const { id } = await owner.request(await owner.source());
    const missing = { code: "NOT_FOUND" };
    await expect(getRequest(other.ctx, { id })).rejects.toMatchObject(missing);
    await expect(getRawBody(other.ctx, { id })).rejects.toMatchObject(missing);
    await expect(retryRequest(other.ctx, { id })).rejects.toMatchObject(missing);
    const children = ListRequestChildren.parse({ request_id: id });
    await expect(listRequestEvents(other.ctx, children)).rejects.toMatchObject(missing);
    await expect(listIgnoredEvents(other.ctx, children)).rejects.toMatchObject(missing);
    expect((await list(other, { id })).data).toEqual([]);
  });

  test("lists its events and ignored events and no others", async () => {
    const team = await world.team();
    const [source, destination] = [await team.source(), await team.destination()];
    const [a, b] = [await team.connection(source, destination), await team.connection(source, destination)];
    const request = await team.request(source);
    const neighbour = await team.request(source);
    const event = await team.event(request, a);
    const ignored = await team.ignored(request, b);
    await team.event(neighbour, a);
    await team.ignored(neighbour, b);
    const children = ListRequestChildren.parse({ request_id: request.id });
    expect(idsOf(await listRequestEvents(team.ctx, children))).toEqual([event]);
    expect((await listIgnoredEvents(team.ctx, children)).data).toMatchObject([
      { id: ignored, cause: "FILTERED", why: [{ step: "connection" }], created_at: NOW.toISOString() },
    ]);
  });
});

describe("retrying a request", () => {
  const jobsOf = async (requestId: string) => {
    const { rows } = await world.pool.query(
      "select payload from graphile_worker._private_jobs where payload::text like $1 order by id",
      [`%${requestId}%`],
    );
    return rows.map(({ payload }) => payload);
  };

  test("hands it to routing for all connections of its source, or for those named", async () => {
    const team = await world.team();
    const [source, destination] = [await team.source(), await team.destination()];
    const [a, b] = [await team.connection(source, destination), await team.connection(source, destination)];
    const { id } = await team.request(source);
    expect(await retryRequest(team.ctx, { id })).toEqual({ request_id: id, connection_ids: [a.id, b.id].sort() });
    expect(await retryRequest(team.ctx, { id, connection_ids: [b.id, b.id] })).toEqual({
      request_id: id,
      connection_ids: [b.id],
    });
    const base = { teamId: team.ctx.teamId, requestId: id };
    expect(await jobsOf(id)).toEqual([
      { ...base, connectionIds: null, isForced: false },
      { ...base, connectionIds: [b.id], isForced: false },
    ]);
  });

  test("is refused for a rejected request, a connection of another source, and a key that may only read", async () => {
    const team = await world.team();
    const [source, elsewhere, destination] = [await team.source(), await team.source(), await team.destination()];
    const foreign = await team.connection(elsewhere, destination);
    const rejected = await team.request(source, { status: "rejected", rejection_cause: "VERIFICATION_FAILED" });
    const accepted = await team.request(source);
    await expect(retryRequest(team.ctx, { id: rejected.id })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(
      retryRequest(team.ctx, { id: accepted.id, connection_ids: [foreign.id, newId("connection")] }),
    ).rejects.toMatchObject({ code: "UNPROCESSABLE", issues: [{ path: "connection_ids" }] });
    await expect(retryRequest({ ...team.ctx, can: ROLES.viewer }, { id: accepted.id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect([...(await jobsOf(rejected.id)), ...(await jobsOf(accepted.id))]).toEqual([]);
  });
});
