// Versions of transformations: who made them, what brings one back, and what a draft may be tried with.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "#server/auth/ctx.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { secretsPlace } from "#server/crypto/secrets.ts";
import { newId } from "#server/ids.ts";
import { runTransformation } from "#server/resources/run-transformation.ts";
import { updateTransformation } from "#server/resources/transformations.ts";
import { createApi, type TestApi } from "#test/support/api.ts";
import { addPerson } from "#test/support/people.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const SECRET = "value-of-env-one";
const code = "request.headers.token = context.env.TOKEN; return request;";
let made = 0;
const make = async (env: Record<string, string> = { TOKEN: SECRET }) =>
  (await api.post("/v1/transformations", { name: `made-${++made}`, code, env })).body;
const versionsOf = async (id: string) => (await api.get(`/v1/transformations/${id}/versions`)).body.data;
const tokenOf = async (id: string) =>
  (await api.put("/v1/transformations/run", { transformation_id: id })).body.request.headers.token;
const asking = (...can: Capability[]): Ctx => ({
  app: api.app,
  teamId: api.teamId,
  actor: { kind: "api_key", id: "key_test" },
  can: new Set(can),
});

describe("a version", () => {
  test("says who made it, by the name that they have today", async () => {
    const person = await addPerson(api.databaseUrl, "member", api.teamId);
    const { id } = await make();

    await updateTransformation(
      { ...asking(), can: EVERYTHING, actor: { kind: "user", id: person.id } },
      { id, code: "return request;" },
    );
    expect(await versionsOf(id)).toMatchObject([
      { version: 2, actor_kind: "user", actor_id: person.id, actor_name: person.email, restored_from: null },
      { version: 1, actor_kind: "api_key", actor_id: expect.stringMatching(/^key_/), actor_name: "test" },
    ]);
  });

  test("from before authors were kept has none", async () => {
    const { id } = await make();
    await api.pool.query(
      "update transformation_version set actor_kind = null, actor_id = null where transformation_id = $1",
      [id],
    );
    expect(await versionsOf(id)).toMatchObject([{ actor_kind: null, actor_id: null, actor_name: null }]);
  });

  test("is brought back as a new one, code and the very values of env", async () => {
    const { id } = await make();
    await api.patch(`/v1/transformations/${id}`, { code: "return null;", env: { OTHER: "value-of-env-two" } });
    const restored = await api.post(`/v1/transformations/${id}/restore`, { version: 1 });
    expect(restored.body).toMatchObject({ version: 3, code, env: { TOKEN: "…-one" } });
    expect(await tokenOf(id)).toBe(SECRET);
    expect(await versionsOf(id)).toMatchObject([
      { version: 3, code, env: { TOKEN: "…-one" }, restored_from: 1 },
      { version: 2, code: "return null;", env: { OTHER: "…-two" }, restored_from: null },
      { version: 1 },
    ]);
    const [entry] = (await api.get(`/v1/audit?resource_id=${id}&limit=1`)).body.data;
    expect(entry).toMatchObject({ action: "update", before: { version: 2 }, after: { version: 3, restored_from: 1 } });
    expect(JSON.stringify(entry)).not.toContain("value-of-env");
  });

  test("that is what runs already makes no new one when it is brought back", async () => {
    const { id } = await make();
    expect((await api.post(`/v1/transformations/${id}/restore`, { version: 1 })).body).toMatchObject({ version: 1 });
    expect(await versionsOf(id)).toHaveLength(1);
  });

  test("that there is none of is refused at its field", async () => {
    const { id } = await make();
    const refused = await api.post(`/v1/transformations/${id}/restore`, { version: 7 });
    expect([refused.status, refused.body.error.issues]).toEqual([
      422,
      [{ path: "version", message: expect.stringMatching(/no version 7.*GET \/transformations\/.*\/versions/) }],
    ]);
  });

  test("whose env does not open is not brought back without it", async () => {
    const { id } = await make();
    await api.patch(`/v1/transformations/${id}`, { code: "return null;" });
    const elsewhere = api.app.keyring.seal("{}", secretsPlace("source", "src_other"));
    await api.pool.query(
      "update transformation_version set secrets = $2 where transformation_id = $1 and version = 1",
      [id, elsewhere],
    );
    const refused = await api.post(`/v1/transformations/${id}/restore`, { version: 1 });
    expect([refused.status, refused.body.error.message]).toEqual([409, expect.stringContaining("do not open")]);
    expect(await versionsOf(id)).toHaveLength(2);
  });

  test("of ten that are brought back at once, each is one more", async () => {
    const { id } = await make();
    await api.patch(`/v1/transformations/${id}`, { code: "return null;" });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => api.post(`/v1/transformations/${id}/restore`, { version: (i % 2) + 1 })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const numbers: number[] = (await versionsOf(id)).map((entry: { version: number }) => entry.version);
    expect(numbers).toEqual(numbers.map((_, i) => numbers.length - i));
  });
});

describe("a copy", () => {
  test("has the code, the description and the very values of env, and a history of its own", async () => {
    const { id } = await make();
    await api.patch(`/v1/transformations/${id}`, { description: "flat for the ledger" });
    const copy = await api.post(`/v1/transformations/${id}/duplicate`, { name: "copied" });
    expect([copy.status, copy.body]).toMatchObject([
      201,
      { name: "copied", code, description: "flat for the ledger", version: 1, env: { TOKEN: "…-one" } },
    ]);
    expect(copy.body.id).not.toBe(id);
    expect(await tokenOf(copy.body.id)).toBe(SECRET);
    expect((await api.post(`/v1/transformations/${id}/duplicate`, { name: "copied" })).status).toBe(409);
  });
});

describe("a draft", () => {
  const draft = "request.headers.token = context.env.TOKEN + '!'; return request;";

  test("is tried with the saved env, a value that was read standing for itself, and nothing is saved", async () => {
    const { id } = await make();
    const tried = await api.put("/v1/transformations/run", { transformation_id: id, code: draft });
    expect(tried.body.request.headers.token).toBe(`${SECRET}!`);
    const changed = await api.put("/v1/transformations/run", {
      transformation_id: id,
      code: "request.body = [context.env.TOKEN, context.env.MORE]; return request;",
      env: { TOKEN: "…-one", MORE: "x" },
    });
    expect(changed.body.request.body).toEqual([SECRET, "x"]);
    expect((await api.get(`/v1/transformations/${id}`)).body).toMatchObject({ version: 1, code });
  });

  test("with the saved env is for those who may change the code: others would read what only it may", async () => {
    const { id } = await make();
    await expect(
      runTransformation(asking("transformation.run"), { transformation_id: id, code: draft }),
    ).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining("transformation.write"),
    });
    expect((await runTransformation(asking("transformation.run"), { transformation_id: id })).error).toBeNull();
    expect((await runTransformation(asking("transformation.run"), { code: "return request;" })).error).toBeNull();
    const both = asking("transformation.run", "transformation.write");
    expect((await runTransformation(both, { transformation_id: id, code: draft })).error).toBeNull();
  });

  test("is tried on a stored request, which is read as the code sees it", async () => {
    const source = await api.post("/v1/sources", { name: "door" });
    const id = newId("request");
    await api.db.request.create({
      data: {
        id,
        team_id: api.teamId,
        source_id: source.body.id,
        status: "accepted",
        verified: false,
        method: "POST",
        path: "/orders",
        query: "a=1&a=2",
        headers: [["Content-Type", "application/json"]],
        body: Buffer.from('{"order": 8202522731445525542}'),
        content_type: "application/json",
        body_bytes: 30,
        remote_ip: "127.0.0.1",
        created_at: new Date(),
      },
    });
    const seen = await api.get(`/v1/requests/${id}/rule_request`);
    expect(seen.body).toMatchObject({
      method: "POST",
      path: "/orders",
      query: { a: ["1", "2"] },
      headers: { "content-type": "application/json" },
    });
    expect(seen.text).toContain('"order":8202522731445525542');
    const tried = await api.put("/v1/transformations/run", { code: "return request;", request_id: id });
    expect(tried.text).toContain('"order":8202522731445525542');
  });

  test("needs code or a transformation", async () => {
    const refused = await api.put("/v1/transformations/run", {});
    expect([refused.status, refused.body.error.issues[0].path]).toEqual([422, "code"]);
  });
});

describe("the use of transformations", () => {
  test("is the connections that name it, found by a filter, and what it failed on in a day", async () => {
    const [used, spare] = [await make(), await make()];
    const rules = [{ type: "transform", transformation_id: used.id }];
    const url = "https://example.com/hook";
    const connect = (name: string, theirs: unknown[]) =>
      api.post("/v1/connections", {
        name,
        source: { name: `${name}-s` },
        destination: { name: `${name}-d`, config: { url } },
        rules: theirs,
      });
    const [one, two] = [await connect("one", rules), await connect("two", rules)];
    await connect("three", []);
    const found = await api.get(`/v1/connections?transformation_id=${used.id}`);
    expect(found.body.data.map(({ id }: { id: string }) => id).sort()).toEqual([one.body.id, two.body.id].sort());
    expect((await api.get(`/v1/connections?transformation_id=${spare.id}`)).body.data).toEqual([]);
    expect((await api.get(`/v1/connections?transformation_id=${used.id},${spare.id}`)).body.data).toHaveLength(2);

    const counted = (
      connection: { id: string; source_id: string; destination_id: string },
      hoursAgo: number,
      count: number,
    ) => ({
      team_id: api.teamId,
      bucket: minuteOf(new Date(Date.now() - hoursAgo * 3_600_000)),
      source_id: connection.source_id,
      connection_id: connection.id,
      destination_id: connection.destination_id,
      ignored_transform_count: count,
    });
    await addRollups(api.pool, [counted(one.body, 1, 3), counted(two.body, 2, 4), counted(two.body, 30, 100)]);
    const usage = await api.get(`/v1/transformations/usage?id=${used.id},${spare.id}`);
    const known = [
      { transformation_id: spare.id, connections_count: 0, failed_24h_count: 0 },
      { transformation_id: used.id, connections_count: 2, failed_24h_count: 7 },
    ];
    expect(usage.body.data).toEqual(known);
    expect((await api.get("/v1/transformations/usage")).body.data.slice(0, 2)).toEqual(known);
  });

  test("is told of no other team's", async () => {
    const other = await api.makeKey([await api.makeTeam("theirs")]);
    const { id } = await make();
    const usage = await api.get(`/v1/transformations/usage?id=${id}`, { key: other });
    expect(usage.body.data).toEqual([]);
    expect((await api.get(`/v1/connections?transformation_id=${id}`, { key: other })).body.data).toEqual([]);
  });
});
