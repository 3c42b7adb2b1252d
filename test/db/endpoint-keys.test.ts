// The key of an endpoint has a right to that endpoint and to nothing else.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { bodyFor, plantTeam } from "#test/support/planted-team.ts";
import { requiredQuery } from "#test/support/required-query.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

let made = 0;
const url = () => `https://agent-${++made}.example.com/hooks`;
const register = (input: object) => api.post("/v1/endpoints", { url: url(), eventTypes: ["*"], ...input });

describe("the key of an endpoint", () => {
  test("reads, renews, changes and removes its own endpoint", async () => {
    await api.post("/v1/sources", { name: "one" });
    const { id, key } = (await register({ ttl: 60 })).body;
    expect((await api.get(`/v1/endpoints/${id}`, { key })).body.id).toBe(id);
    expect((await api.put(`/v1/endpoints/${id}/heartbeat`, {}, { key })).status).toBe(200);
    const changed = await api.patch(`/v1/endpoints/${id}`, { eventTypes: ["x"], ttl: 120, paused: true }, { key });
    expect(changed.body).toMatchObject({ event_types: ["x"], ttl: 120, paused: true });
    expect((await api.patch(`/v1/endpoints/${id}`, { paused: false }, { key })).body.paused).toBe(false);
    expect((await api.patch(`/v1/endpoints/${id}`, { url: "http://10.0.0.1/" }, { key })).status).toBe(422);
    expect((await api.delete(`/v1/endpoints/${id}`, { key })).body).toEqual({ id, cancelled_count: 0 });
    expect((await api.get(`/v1/endpoints/${id}`, { key })).status).toBe(401);
    const gone = (await api.get("/v1/endpoints/gone")).body.data;
    expect(gone).toContainEqual(expect.objectContaining({ id, because: "unregistered_itself" }));
  });

  test("is refused by every other operation, and by its own for every other endpoint", async () => {
    const ids = await plantTeam(api);
    const [mine, other] = [(await register({ ttl: 600 })).body, (await register({ ttl: 600 })).body];
    const own = ["endpoints.get", "endpoints.update", "endpoints.delete", "endpoints.renew", "endpoints.verify"];
    const call = (operation: (typeof ALL_OPERATIONS)[number], id: string) => {
      const path = `/v1${operation.path.replace(/:[a-z_]+/, id)}${requiredQuery(operation.path)}`;
      return api.call(operation.method, path, bodyFor(operation, ids), { key: mine.key });
    };
    const answers: Record<string, number> = {};
    for (const operation of ALL_OPERATIONS) {
      const kind = operation.path.split("/")[1] ?? "";
      const isOwn = own.includes(operation.name);
      const answer = await call(operation, isOwn ? other.id : (ids[kind] ?? mine.id));
      answers[operation.name] = answer.status;
      expect(answer.status, operation.name).toBe(isOwn ? 404 : 403);
    }
    expect(Object.keys(answers).length).toBe(ALL_OPERATIONS.length);
    expect((await api.get(`/v1/endpoints/${mine.id}`)).status).toBe(200);
    const metrics = await fetch(`${api.origin}/metrics`, {
      headers: { authorization: `Bearer ${mine.key}`, via: "1.1 proxy" },
    });
    expect(metrics.status).not.toBe(200);
    const ask = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const accept = { accept: "application/json, text/event-stream" };
    const agents = await api.call("POST", "/mcp", ask, { key: mine.key, headers: accept });
    expect(agents.status).toBe(403);
  });

  test("stands in no list of keys, and another team's endpoint is no one's", async () => {
    const { id, key } = (await register({})).body;
    const keys = (await api.get("/v1/api-keys?limit=255")).body.data;
    expect(keys.filter(({ name }: { name: string }) => name.includes(id))).toEqual([]);
    const theirs = await api.makeTeam("theirs");
    const stranger = await api.makeKey([theirs]);
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["PATCH", "", { eventTypes: ["a"] }],
      ["DELETE", "", undefined],
      ["PUT", "/heartbeat", {}],
      ["POST", "/verify", {}],
    ] as const) {
      expect((await api.call(method, `/v1/endpoints/${id}${path}`, body, { key: stranger })).status).toBe(404);
    }
    expect((await api.get(`/v1/endpoints/${id}`, { key, team: theirs })).status).toBe(403);
    expect((await api.get("/v1/endpoints", { key: stranger })).body.data).toEqual([]);
    expect((await api.get("/v1/endpoints/gone", { key: stranger })).body.data).toEqual([]);
  });
});

test("the key of an endpoint goes to whoever may delete it, or registered it", async () => {
  const capabilities = ["connection.write", "destination.write"];
  const { key } = (await api.post("/v1/api-keys", { name: "narrow", capabilities })).body;
  const call = { url: url(), eventTypes: ["*"], name: "kept-by-others" };
  const { id } = (await api.post("/v1/endpoints", call)).body;
  expect(await api.post("/v1/endpoints", { ...call, url: url() }, { key })).toMatchObject({ status: 403 });
  expect((await api.get(`/v1/endpoints/${id}`)).body.url).toBe(call.url);
  const own = { url: url(), eventTypes: ["*"] };
  const made = (await api.post("/v1/endpoints", own, { key })).body;
  expect((await api.post("/v1/endpoints", own, { key })).body).toMatchObject({ id: made.id, is_new: false });
});
