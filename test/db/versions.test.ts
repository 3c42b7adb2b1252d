// Every change of the configuration is a version, which can be compared with any other.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lapseEndpoints } from "#server/endpoints/lapse-endpoints.ts";
import { makeLog } from "#server/process/log.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { makeVersionTeam, url } from "#test/support/version-team.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe("a version", () => {
  test("is made of each change, and says who changed what from what to what", async () => {
    const { call, destination, newest } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300, timeout_ms: 30_000 } });
    const version = await call("GET", `/versions/${await newest()}`);
    expect(version).toMatchObject({ number: 4, against: 3, newest: 4, actor_kind: "api_key", actor_name: "test" });
    expect(version.changes).toEqual([
      {
        resource_kind: "destination",
        resource_id: destination.id,
        resource_name: "out",
        action: "update",
        fields: [
          { path: "config.rate_limit", before: 600, after: 300, is_secret: false },
          { path: "config.timeout_ms", before: 15_000, after: 30_000, is_secret: false },
        ],
      },
    ]);
  });

  test("holds all that one transaction changed", async () => {
    const { call, newest } = await makeVersionTeam(api);
    await call("POST", "/connections", {
      name: "both",
      source: { name: "s2" },
      destination: { name: "d2", config: { url } },
    });
    const version = await call("GET", `/versions/${await newest()}`);
    expect(version.number).toBe(4);
    const made = version.changes.map((each: { resource_name: string; action: string }) => [
      each.action,
      each.resource_name,
    ]);
    expect(made).toEqual([
      ["create", "s2"],
      ["create", "d2"],
      ["create", "both"],
    ]);
  });

  test("is compared with any other, both ways", async () => {
    const { call, connection, destination } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300 } });
    await call("PUT", `/connections/${connection.id}/pause`);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 100 } });
    const fieldsOf = async (number: number, against: number) => {
      const { changes } = await call("GET", `/versions/${number}?against=${against}`);
      return changes.flatMap(({ fields }: { fields: object[] }) => fields);
    };
    const limit = { path: "config.rate_limit", before: 600, after: 100, is_secret: false };
    const paused = { path: "paused", before: false, after: true, is_secret: false };
    expect(await fieldsOf(6, 3)).toEqual(expect.arrayContaining([limit, paused]));
    expect(await fieldsOf(6, 3)).toHaveLength(2);
    expect(await fieldsOf(3, 6)).toContainEqual({ ...limit, before: 100, after: 600 });
    expect(await fieldsOf(5, 5)).toEqual([]);
  });

  test("is compared in every resource, also where one was changed a thousand times in between", async () => {
    const { id, call, connection, destination } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300 } });
    await call("PUT", `/connections/${connection.id}/pause`);
    for (const table of ["team_version", "team_version_change"])
      await api.pool.query(`update ${table} set number = 2000 where team_id = $1 and number = 5`, [id]);
    await api.pool.query(
      `insert into team_version_change (team_id, resource_id, number, resource_kind, action, state)
       select c.team_id, c.resource_id, n, c.resource_kind, c.action, c.state
       from team_version_change c, generate_series(5, 1004) n where c.team_id = $1 and c.number = 4`,
      [id],
    );
    const { changes } = await call("GET", "/versions/2000?against=3");
    const paths = changes.flatMap(({ fields }: { fields: { path: string }[] }) => fields.map(({ path }) => path));
    expect(paths.sort()).toEqual(["config.rate_limit", "paused"]);
  });

  test("is listed by resource and kind, the newest first, page by page", async () => {
    const { call, source, connection } = await makeVersionTeam(api);
    await call("PUT", `/connections/${connection.id}/pause`);
    await call("PUT", `/connections/${connection.id}/unpause`);
    const numbers = async (query: string) =>
      (await call("GET", `/versions?${query}`)).data.map(({ number }: { number: number }) => number);
    expect(await numbers("")).toEqual([5, 4, 3, 2, 1]);
    expect(await numbers(`resource_id=${connection.id}`)).toEqual([5, 4, 3]);
    expect(await numbers(`resource_id=${source.id}`)).toEqual([1]);
    expect(await numbers("resource_kind=destination")).toEqual([2]);
    const first = await call("GET", "/versions?limit=2");
    expect(first.pagination.next).toBe("4");
    expect(await numbers(`limit=2&before=${first.pagination.next}`)).toEqual([3, 2]);
  });

  test("never holds a secret, and says that one was changed", async () => {
    const { id, call, newest } = await makeVersionTeam(api);
    const config = { auth_type: "HMAC", auth: { secret: "canary-hmac-secret-1", signature_header: "x-signature" } };
    const source = await call("POST", "/sources", { name: "signed", config });
    await call("POST", `/sources/${source.id}/rotate-secret`, { secret: "canary-hmac-secret-2" });
    await call("POST", "/transformations", { name: "t", code: "return request;", env: { K: "canary-env-value" } });
    const headers = { "x-key": "canary-header-value" };
    await call("POST", "/destinations", {
      name: "d",
      config: { url, headers, auth_type: "BEARER_TOKEN", auth: { token: "canary-token-value" } },
    });
    const { rows } = await api.pool.query("select state::text from team_version_change where team_id = $1", [id]);
    expect(rows).toHaveLength(7);
    expect(rows.map(({ state }) => state).join()).not.toMatch(/canary|"secrets"/);
    const rotated = await call("GET", `/versions/${(await newest()) - 2}`);
    expect(rotated.changes[0]).toMatchObject({
      action: "rotate_secret",
      fields: expect.arrayContaining([
        { path: "config.auth.secret", before: "…et-1", after: "…et-2", is_secret: true },
      ]),
    });
    for (let number = 1; number <= (await newest()); number++) {
      expect(JSON.stringify(await call("GET", `/versions/${number}`))).not.toContain("canary");
    }
    expect(JSON.stringify(await call("GET", "/versions"))).not.toContain("canary");
  });

  test("of changes at the same time has a number of its own", async () => {
    const { call, destination, connection, source } = await makeVersionTeam(api);
    const paths = [`/sources/${source.id}`, `/destinations/${destination.id}`, `/connections/${connection.id}`];
    await Promise.all(paths.flatMap((path) => [1, 2, 3].map((n) => call("PATCH", path, { description: `${n}` }))));
    const { data } = await call("GET", "/versions");
    expect(data.map(({ number }: { number: number }) => number)).toEqual(Array.from({ length: 12 }, (_, i) => 12 - i));
  });
});

test("what registers itself makes no version, however often it comes, changes and goes", async () => {
  const { call, id, source, connection, newest } = await makeVersionTeam(api);
  const agent = await call("POST", "/endpoints", { url: "https://agent.example.com/", eventTypes: ["a"], ttl: 60 });
  await call("PATCH", `/endpoints/${agent.id}`, { eventTypes: ["b"], paused: true });
  const now = Date.now();
  await lapseEndpoints(api.pool, new Date(now + 61_000));
  await call("PUT", `/endpoints/${agent.id}/heartbeat`);
  await call("DELETE", `/endpoints/${agent.id}`);
  await call("POST", "/endpoints", {
    url: "https://agent.example.com/",
    eventTypes: ["*"],
    source: source.id,
    ttl: 60,
  });
  await lapseEndpoints(api.pool, new Date(now + 122_000));
  await lapseEndpoints(api.pool, new Date(now + 183_000));
  expect((await call("GET", "/endpoints/gone")).data).toHaveLength(2);
  expect(await newest()).toBe(3);
  const { rows } = await api.pool.query("select distinct resource_id from team_version_change where team_id = $1", [
    id,
  ]);
  expect(rows).toHaveLength(3);
  await call("PATCH", `/connections/${connection.id}`, { description: "by hand" });
  expect(await newest()).toBe(4);
});

test("a team sees no version of another, and changes none", async () => {
  const ours = await makeVersionTeam(api);
  const theirs = await makeVersionTeam(api);
  await ours.call("PATCH", `/sources/${ours.source.id}`, { description: "ours" });
  expect((await api.get("/v1/versions/4", { key: theirs.key })).status).toBe(404);
  const { data } = (await api.get(`/v1/versions?resource_id=${ours.source.id}`, { key: theirs.key })).body;
  expect(data).toEqual([]);
  const answer = await api.post(
    "/v1/versions/3/restore",
    { resource_id: ours.source.id, if_newest: 3 },
    { key: theirs.key },
  );
  expect(answer.status).toBe(422);
  expect((await ours.call("GET", `/sources/${ours.source.id}`)).description).toBe("ours");
});

test("the oldest versions of very many go, and what those left knew of is still restored", async () => {
  const { id, call, destination, restore } = await makeVersionTeam(api);
  await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300 } });
  await api.pool.query("update team_version_change set number = number + 6000 where team_id = $1 and number > 3", [id]);
  await api.pool.query("update team_version set number = number + 6000 where team_id = $1 and number > 3", [id]);
  await purgeExpired(api.pool, makeLog("test", "fatal"), { now: new Date(), retentionDays: 30 });
  expect((await call("GET", "/versions")).data.map(({ number }: { number: number }) => number)).toEqual([6004]);
  expect((await call("GET", "/versions/6004")).changes[0].fields).toMatchObject([{ before: 600, after: 300 }]);
  expect(await restore(6004)).toMatchObject({ changes_count: 0 });
});
