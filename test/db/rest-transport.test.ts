// What the transport itself refuses, and how: every failure is a well-formed answer.
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRest } from "#server/api/rest.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { makeLog } from "#server/process/log.ts";
import { makeCallerReader } from "#server/wire/caller-address.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { reservePort } from "#test/support/reserved-port.ts";

let api: TestApi;
let sourceId: string;
beforeAll(async () => {
  api = await createApi();
  sourceId = (await api.post("/v1/sources", { name: "source" })).body.id;
});
afterAll(() => api[Symbol.asyncDispose]());

describe("transport", () => {
  test("malformed JSON is 400", async () => {
    const answer = await api.post("/v1/sources", undefined, { raw: '{"name": ' });
    expect([answer.status, answer.body.error.code]).toEqual([400, "BAD_REQUEST"]);
    expect(answer.body.error.message).toMatch(/not valid JSON/);
  });

  test("a body that is not JSON is 400 and says which header to send", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const answer = await api.post("/v1/sources", undefined, { raw: "name=x", headers: { "content-type": type } });
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toMatch(/content-type: application\/json/);
    }
  });

  test("a body that is no object, too deep or names a prototype is refused", async () => {
    expect((await api.post("/v1/sources", [])).status).toBe(422);
    const deep = `{"name":"x","config":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    expect((await api.post("/v1/sources", undefined, { raw: deep })).status).toBe(422);
    expect((await api.post("/v1/sources", undefined, { raw: '{"name":"x","__proto__":{"a":1}}' })).status).toBe(400);
  });

  test("a body above 2 MiB is 413", async () => {
    const answer = await api.post("/v1/transformations", { name: "t", code: "x".repeat(2_100_000) });
    expect([answer.status, answer.body.error.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  test("an unknown query parameter is refused with those that exist", async () => {
    const answer = await api.get("/v1/events?connection=x");
    expect(answer.status).toBe(422);
    expect(answer.body.error.issues[0].path).toBe("connection");
    expect(answer.body.error.issues[0].message).toMatch(/connection_id/);
    expect((await api.put(`/v1/sources/${sourceId}/disable?dry=1`)).status).toBe(422);
    expect((await api.get(`/v1/sources/${sourceId}`)).body.disabled_at).toBeNull();
  });

  test.each([
    ["limit=256", "limit"],
    ["limit=0", "limit"],
    ["from=yesterday", "from"],
    ["next=abc", "next"],
    ["disabled=perhaps", "disabled"],
    ["order_by=name", "order_by"],
    ["name=%00", "name"],
  ])("the list parameter %s is refused by name", async (query, path) => {
    const answer = await api.get(`/v1/sources?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.error.issues[0].path).toBe(path);
  });

  test.each([
    ["a status beyond any column", "events?response_status=3000000000", "response_status"],
    ["a negative status", "attempts?response_status=-3000000000", "response_status"],
    ["a status that is no whole number", "attempts?response_status=2e2", "response_status"],
    ["a deep search", `events?body=${"[".repeat(5_000)}`, "body"],
    ["a deep search that is whole", `requests?body=${'{"a":'.repeat(900)}1${"}".repeat(900)}`, "body"],
    ["a large search", `requests?body=[${"1,".repeat(2_000)}1]`, "body"],
    ["a day that is none", "events?from=2026-02-31", "from"],
    ["a date in words", "events?to=Nov%2025%202026", "to"],
    ["a bare number as a time", "metrics/events?date_range[start]=5", "date_range.start"],
  ])("%s is refused by name", async (_what, path, field) => {
    const answer = await api.get(`/v1/${path}`);
    expect([answer.status, answer.text.length < 2_000]).toEqual([422, true]);
    expect(answer.body.error.issues[0].path.startsWith(field)).toBe(true);
  });

  test("a version beyond any column is refused by name", async () => {
    const { body } = await api.post("/v1/transformations", { name: "versions", code: "return request" });
    const answer = await api.get(`/v1/transformations/${body.id}/versions?before=3000000000`);
    expect([answer.status, answer.body.error.issues[0].path]).toEqual([422, "before"]);
  });

  test("an unknown path is 404 with the nearest, a known one with another method 405 with Allow", async () => {
    const missing = await api.get("/v1/source");
    expect([missing.status, missing.body.error.code]).toEqual([404, "NOT_FOUND"]);
    expect(missing.body.error.message).toContain("GET /v1/sources");
    const wrong = await api.patch("/v1/sources", {});
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, POST, PUT"]);
    expect((await api.get("/v1/sources/%E0%A4%A")).status).toBe(400);
  });

  test("every answer says that nobody may guess, cache or frame it", async () => {
    for (const answer of [
      await api.get("/v1/sources"),
      await api.get("/v1/nothing"),
      // No route reads it.
      await api.get("/v1/sources/%E0%A4%A"),
      await api.get("/v1/sources", { key: null }),
    ]) {
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("a failure of ours tells its log entry and nothing else", async () => {
    await api.pool.query('update source set config = \'{"auth_type": "canary-broken"}\' where id = $1', [sourceId]);
    const answer = await api.get(`/v1/sources/${sourceId}`);
    expect([answer.status, answer.body.error.code]).toEqual([500, "INTERNAL"]);
    expect(answer.text).not.toContain("canary-broken");
    expect(api.logged.join("")).toContain(answer.body.error.request_id);
  });
});

test("a database that cannot be reached is 503 with Retry-After", async () => {
  const db = makePrisma("postgresql://nobody@127.0.0.1:1/nothing");
  const rest = await makeRest({ ...api.app, db }, { log: makeLog("test", "warn"), readCaller: makeCallerReader([]) });
  const { port, give } = await reservePort();
  await using server = createServer(rest.handle);
  await give(server);
  const headers = { authorization: `Bearer ${api.key}`, connection: "close" };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/sources`, { headers });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await answer.json()).toMatchObject({ error: { code: "UNAVAILABLE" } });
});
