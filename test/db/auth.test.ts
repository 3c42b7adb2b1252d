import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { bootstrap } from "#server/auth/bootstrap.ts";
import { type AdminInput, runAdmin } from "#server/cli/admin-commands.ts";
import { parseEnv } from "#server/env.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe("API keys", () => {
  test("without a valid key every answer is 401 and says how to send one", async () => {
    for (const authorization of [undefined, "Bearer", "Bearer x", "Basic abc", `Bearer sy_${"a".repeat(43)}`]) {
      const answer = await api.get("/v1/sources", { key: null, ...(authorization && { headers: { authorization } }) });
      expect([answer.status, answer.body.error.code]).toEqual([401, "UNAUTHORIZED"]);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  test("a made key works, is shown once and is kept as its hash", async () => {
    const made = await api.post("/v1/api-keys", { name: "ci" });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^sy_[\w-]{43}$/);
    expect((await api.get("/v1/sources", { key: made.body.key })).status).toBe(200);
    const listed = await api.get("/v1/api-keys");
    expect(listed.text).not.toContain(made.body.key);
    expect(listed.body.data[0]).toMatchObject({
      id: made.body.id,
      last_four: made.body.key.slice(-4),
      team_ids: [api.teamId],
    });
    const row = await api.db.apiKey.findUniqueOrThrow({ where: { id: made.body.id } });
    expect(row.key_hash).toBe(createHash("sha256").update(made.body.key).digest("hex"));
  });

  test("a revoked key is refused at once here, and within 5 s by whoever knew it", async () => {
    const made = await api.post("/v1/api-keys", { name: "gone" });
    await api.get("/v1/teams", { key: made.body.key });
    expect((await api.delete(`/v1/api-keys/${made.body.id}`)).body).toEqual({ id: made.body.id });
    expect((await api.get("/v1/teams", { key: made.body.key })).status).toBe(401);

    const elsewhere = await api.makeKey([api.teamId]);
    expect((await api.get("/v1/teams", { key: elsewhere })).status).toBe(200);
    await api.db.apiKey.updateMany({ where: { last_four: elsewhere.slice(-4) }, data: { revoked_at: new Date() } });
    api.wait(5_001);
    expect((await api.get("/v1/teams", { key: elsewhere })).status).toBe(401);
  });

  test("an expired key is refused, also while it is remembered", async () => {
    const key = await api.makeKey([api.teamId], "write", new Date(api.app.now().getTime() + 2_000));
    expect((await api.get("/v1/teams", { key })).status).toBe(200);
    api.wait(2_001);
    expect((await api.get("/v1/teams", { key })).body.error.message).toMatch(/expired/);
  });

  test("the last use is noted at most once a minute", async () => {
    const key = await api.makeKey([api.teamId]);
    const lastUse = async () => {
      await api.get("/v1/teams", { key });
      const row = await api.db.apiKey.findFirstOrThrow({
        where: { key_hash: createHash("sha256").update(key).digest("hex") },
      });
      return row.last_used_at?.getTime();
    };
    const first = await lastUse();
    expect(first).toBeDefined();
    api.wait(30_000);
    expect(await lastUse()).toBe(first);
    api.wait(31_000);
    expect(await lastUse()).toBeGreaterThan(first ?? 0);
  });

  test("a key is shown with who made it, and with the address that used it last", async () => {
    const byKey = await api.post("/v1/api-keys", { name: "made-by-a-key" });
    const maker = await api.db.apiKey.findFirstOrThrow({ where: { last_four: api.key.slice(-4) } });
    expect(byKey.body).toMatchObject({ made_by_kind: "api_key", made_by_id: maker.id, made_by_name: "test" });
    expect(byKey.body.last_used_ip).toBeNull();

    const headers = { "x-forwarded-for": "203.0.113.8" };
    await api.get("/v1/teams", { key: byKey.body.key, headers });
    const shown = async (name: string) => (await api.get(`/v1/api-keys?name=${name}`)).body.data[0];
    expect(await shown("made-by-a-key")).toMatchObject({ last_used_ip: "203.0.113.8" });
    // What a proxy hands on has to be an address.
    api.wait(61_000);
    await api.get("/v1/teams", { key: byKey.body.key, headers: { "x-forwarded-for": "<b>nobody</b>" } });
    expect(await shown("made-by-a-key")).toMatchObject({ last_used_ip: "127.0.0.1" });

    const elsewhere = await api.makeTeam("elsewhere");
    const stranger = { kind: "api_key", id: byKey.body.id } as const;
    const row = { key: newApiKey(), name: "theirs", scope: "read", teamIds: [elsewhere], expiresAt: null } as const;
    await api.db.apiKey.create({ data: apiKeyRow(new Date(), { ...row, teamIds: [elsewhere], madeBy: stranger }) });
    const theirs = await api.makeKey([elsewhere]);
    const [seen] = (await api.get("/v1/api-keys?name=theirs", { key: theirs })).body.data;
    expect([seen.made_by_id, seen.made_by_name]).toEqual([byKey.body.id, null]);
  });

  test("x-team-id chooses among a key's teams, is needed with several and must be one of them", async () => {
    const [a, b, c] = [await api.makeTeam("a"), await api.makeTeam("b"), await api.makeTeam("c")];
    const key = await api.makeKey([a, b]);
    expect((await api.post("/v1/sources", { name: "in-b" }, { key, team: b })).body.team_id).toBe(b);
    expect((await api.get("/v1/sources", { key, team: a })).body.data).toEqual([]);
    const open = await api.get("/v1/sources", { key });
    expect(open.status).toBe(400);
    expect(open.body.error.message).toMatch(/x-team-id/);
    const foreign = await api.get("/v1/sources", { key, team: c });
    expect([foreign.status, foreign.body.error.code]).toEqual([403, "FORBIDDEN"]);
    const teams = await api.get("/v1/teams", { key, team: a });
    const names: string[] = teams.body.data.map((team: { name: string }) => team.name);
    // Made in one millisecond they have no order.
    expect(names.toSorted()).toEqual(["a", "b"]);
  });

  test("a key of several teams that one team revokes stays good for the other", async () => {
    const [a, b] = [await api.makeTeam("a"), await api.makeTeam("b")];
    const key = await api.makeKey([a, b]);
    const listed = await api.get("/v1/api-keys", { key, team: a });
    expect(listed.body.data[0].team_ids).toEqual([a]);
    await api.delete(`/v1/api-keys/${listed.body.data[0].id}`, { key, team: a });
    expect((await api.get("/v1/sources", { key, team: a })).status).toBe(403);
    expect((await api.get("/v1/sources", { key, team: b })).status).toBe(200);
    const entries = await api.db.auditEntry.findMany({ where: { team_id: a } });
    expect(entries.map(({ action }) => action)).toContain("revoke");
    expect(JSON.stringify(entries.map(({ before, after }) => [before, after]))).not.toContain(b);
  });

  test("a key with named capabilities has these and those of a reader, and no others", async () => {
    const capabilities = ["connection.pause", "keys.manage"];
    const made = await api.post("/v1/api-keys", { name: "narrow", capabilities });
    expect(made.body).toMatchObject({ scope: "write", capabilities });
    const key = made.body.key;
    expect((await api.get("/v1/api-keys", { key })).body.data[0]).toMatchObject({ id: made.body.id, capabilities });
    const refused = await api.post("/v1/sources", { name: "refused" }, { key });
    expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining("source.write")]);
    expect((await api.put("/v1/connections/web_none/pause", undefined, { key })).status).toBe(404);
    expect((await api.get("/v1/audit", { key })).status).toBe(403);
  });

  test("no key makes one that has more than itself", async () => {
    const narrow = ["keys.manage", "events.retry"];
    const { key } = (await api.post("/v1/api-keys", { name: "maker", capabilities: narrow })).body;
    for (const input of [{}, { scope: "write" }, { capabilities: [...narrow, "source.write"] }]) {
      const answer = await api.post("/v1/api-keys", { name: "wider", ...input }, { key });
      expect([answer.status, answer.body.error.code]).toEqual([403, "FORBIDDEN"]);
      expect(answer.body.error.message).toMatch(/source\.write/);
    }
    expect((await api.post("/v1/api-keys", { name: "same", capabilities: narrow }, { key })).status).toBe(201);
    expect((await api.post("/v1/api-keys", { name: "reader", scope: "read" }, { key })).status).toBe(201);
  });

  test("capabilities that the scope does not hold are refused, as are none", async () => {
    for (const input of [
      { scope: "read", capabilities: ["source.write"] },
      { scope: "write", capabilities: ["team.own"] },
      { capabilities: [] },
      { capabilities: ["everything"] },
    ]) {
      const answer = await api.post("/v1/api-keys", { name: "wrong", ...input });
      expect([answer.status, answer.body.error.issues[0].path]).toEqual([422, expect.stringMatching(/^capabilities/)]);
    }
  });
});

describe("the first start", () => {
  test("makes the default team and one key, once, also when two start together", async () => {
    await using fresh = await createApi();
    await fresh.db.apiKey.deleteMany();
    const [one, two] = await Promise.all([
      bootstrap(fresh.db, undefined, new Date()),
      bootstrap(fresh.db, undefined, new Date()),
    ]);
    const made = [one, two].filter((answer) => answer.created);
    expect(made).toHaveLength(1);
    const key = made[0]?.key ?? "";
    expect((await fresh.post("/v1/sources", { name: "s" }, { key })).body.team_id).toBe("tm_default");
    expect(await bootstrap(fresh.db, undefined, new Date())).toEqual({ created: false, key: null });
    const entries = await fresh.db.auditEntry.findMany({ where: { actor_kind: "system", actor_id: "start" } });
    const changes = entries.map(({ action, resource_kind }) => `${action} ${resource_kind}`);
    expect(changes.toSorted()).toEqual(["create api_key", "create team"]);
  });

  test("registers a given key as often as it is told, without repeating it", async () => {
    const given = `sy_${"k".repeat(43)}`;
    expect(await bootstrap(api.db, given, new Date())).toEqual({ created: true, key: null });
    expect(await bootstrap(api.db, given, new Date())).toEqual({ created: false, key: null });
    expect((await api.get("/v1/teams", { key: given })).body.data.map((team: { id: string }) => team.id)).toEqual([
      "tm_default",
    ]);
  });
});

describe("npm run admin", () => {
  const run = (words: string[], options: AdminInput["options"] = {}) =>
    runAdmin({ db: api.db, env: parseEnv({}), now: new Date() }, { words, options });

  test("makes teams and keys that work, and revokes them", async () => {
    const team = await run(["team", "create", "Billing"]);
    const key = await run(["key", "create"], { team: [team], name: "ci", scope: "read" });
    expect((await api.get("/v1/teams", { key })).body.data).toMatchObject([{ id: team, name: "Billing" }]);
    expect((await api.post("/v1/sources", { name: "x" }, { key })).status).toBe(403);
    const line = (await run(["key", "list"])).split("\n").find((text) => text.includes(team)) ?? "";
    expect(line).not.toContain(key);
    await run(["key", "revoke", line.split(" ")[0] ?? ""]);
    api.wait(5_001);
    expect((await api.get("/v1/teams", { key })).status).toBe(401);
  });

  test("makes keys that end at a time and have named capabilities only", async () => {
    const team = await run(["team", "create", "Narrow"]);
    const expires = new Date(api.app.now().getTime() + 60_000).toISOString();
    const key = await run(["key", "create"], { team: [team], name: "ci", can: ["source.write"], expires });
    expect((await api.post("/v1/sources", { name: "x" }, { key })).status).toBe(201);
    expect((await api.post("/v1/api-keys", { name: "x" }, { key })).status).toBe(403);
    api.wait(60_001);
    expect((await api.get("/v1/sources", { key })).body.error.message).toMatch(/expired/);
    for (const wrong of [
      { can: ["team.own"] },
      { can: ["x"] },
      { expires: "soon" },
      { expires: "2020-01-01T00:00:00Z" },
    ]) {
      await expect(run(["key", "create"], { team: [team], name: "x", ...wrong })).rejects.toThrow(/--(can|expires)/);
    }
  });

  test("leaves an entry in the audit log of every team that a change concerns", async () => {
    const teams = [await run(["team", "create", "Audited"]), await run(["team", "create", "Audited too"])];
    await run(["key", "create"], { team: teams, name: "shared" });
    const [shared] = await api.db.apiKey.findMany({ where: { name: "shared" } });
    await run(["key", "revoke", shared?.id ?? ""]);
    for (const team of teams) {
      const entries = await api.db.auditEntry.findMany({
        where: { team_id: team, actor_kind: "system", actor_id: "admin" },
      });
      expect(shared).toMatchObject({ made_by_kind: "system", made_by_id: "admin" });
      const changes = entries.map(({ action, resource_id }) => `${action} ${resource_id}`);
      expect(changes.toSorted()).toEqual([`create ${shared?.id}`, `create ${team}`, `revoke ${shared?.id}`]);
    }
  });

  test("a mistake is a sentence with the usage", async () => {
    await expect(run([])).rejects.toThrow(/Say what to do.\nUsage/);
    await expect(run(["key", "create"], { name: "x" })).rejects.toThrow(/--team ID/);
    await expect(run(["key", "create"], { name: "x", team: ["tm_none"] })).rejects.toThrow(/no team tm_none/);
    await expect(run(["key", "revoke", "key_none"])).rejects.toThrow(/no key key_none/);
  });
});
