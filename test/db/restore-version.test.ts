// A version is brought back as a new one: a field, a resource or everything, or nothing at all.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";
import { makeVersionTeam, url } from "#test/support/version-team.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe("a restore", () => {
  test("of a field leaves every other as it is, and is a version itself", async () => {
    const { call, destination, newest, restore } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300, timeout_ms: 30_000 } });
    const part = { resource_id: destination.id, fields: ["config.rate_limit"] };
    const plan = await call("POST", "/versions/3/restore/plan", part);
    expect(plan).toMatchObject({ newest: 4, changes_count: 1, losses: [], notes: [] });
    expect(plan.changes[0].fields).toEqual([{ path: "config.rate_limit", before: 300, after: 600, is_secret: false }]);
    expect(await newest()).toBe(4);
    expect(await restore(3, part)).toEqual({ number: 5, changes_count: 1, notes: [] });
    const { config } = await call("GET", `/destinations/${destination.id}`);
    expect(config).toMatchObject({ rate_limit: 600, timeout_ms: 30_000 });
    const [made] = (await call("GET", "/versions")).data;
    expect(made).toMatchObject({ number: 5, restored_from: 3 });
    expect(await restore(3, part)).toEqual({ number: null, changes_count: 0, notes: [] });
  });

  test("of one rule leaves the others, with every digit of a number", async () => {
    const { call, key, connection, restore } = await makeVersionTeam(api);
    const retry = { type: "retry", strategy: "linear", interval: 60_000, count: 8 };
    const raw = `{"rules":[{"type":"filter","body":{"id":9007199254740993123}},${JSON.stringify(retry)}]}`;
    await api.call("PATCH", `/v1/connections/${connection.id}`, undefined, { key, raw });
    await call("PATCH", `/connections/${connection.id}`, { rules: [{ ...retry, count: 10 }] });
    await restore(4, { resource_id: connection.id, fields: ["rules.filter"] });
    const { text } = await api.get(`/v1/connections/${connection.id}`, { key });
    expect(text).toContain("9007199254740993123");
    expect(JSON.parse(text).rules[1]).toMatchObject({ type: "retry", count: 10 });
  });

  test("keeps the secret of today, also where the one of then is gone", async () => {
    const { call, restore, newest } = await makeVersionTeam(api);
    const hmac = { auth_type: "HMAC", auth: { secret: "first-hmac-secret", signature_header: "x-one" } };
    const { id } = await call("POST", "/sources", { name: "signed", config: hmac });
    const made = await newest();
    await call("PATCH", `/sources/${id}`, {
      config: { auth: { secret: "second-hmac-secret", signature_header: "x-two" } },
    });
    expect((await restore(made, { resource_id: id })).notes).toEqual([]);
    const { config } = await call("GET", `/sources/${id}`);
    expect(config.auth).toMatchObject({ secret: "…cret", signature_header: "x-one" });
    const opened = async () => (await api.db.source.findUniqueOrThrow({ where: { id } })).secrets ?? "";
    expect(api.app.keyring.open(await opened(), `source:${id}:secrets`)).toContain("second-hmac-secret");

    const basic = { auth_type: "BASIC_AUTH", auth: { username: "u", password: "a-long-password" } };
    await call("PATCH", `/sources/${id}`, { description: "later", config: basic });
    const restored = await restore(made, { resource_id: id });
    expect(restored.notes).toEqual([
      "source signed keeps its auth_type BASIC_AUTH: the secret of HMAC is gone. Set config.auth by hand to go back to it.",
    ]);
    expect(await call("GET", `/sources/${id}`)).toMatchObject({
      description: null,
      config: { auth_type: "BASIC_AUTH" },
    });
    expect(api.app.keyring.open(await opened(), `source:${id}:secrets`)).toContain("a-long-password");
  });

  test("of everything undoes what was made, changed, paused and deleted since", async () => {
    const { call, source, destination, connection, restore } = await makeVersionTeam(api);
    const { data: before } = await call("GET", "/connections");
    await call("PUT", `/connections/${connection.id}/pause`);
    await call("PUT", `/sources/${source.id}/disable`);
    await call("DELETE", `/connections/${connection.id}`);
    const other = await call("POST", "/destinations", { name: "other", config: { url } });
    await call("POST", "/connections", { name: "way", source_id: source.id, destination_id: other.id });
    const plan = await call("POST", "/versions/3/restore/plan", {});
    expect(
      plan.changes.map((c: { action: string; resource_name: string }) => `${c.action} ${c.resource_name}`),
    ).toEqual(expect.arrayContaining(["create way", "update in", "delete way", "delete other"]));
    expect(plan.losses).toEqual(["destination other goes with its secrets, which no version keeps."]);
    expect(await restore(3)).toMatchObject({ changes_count: 4, notes: [] });
    const { data: after } = await call("GET", "/connections");
    expect(after).toEqual([{ ...before[0], updated_at: expect.any(String) }]);
    expect((await call("GET", `/sources/${source.id}`)).disabled_at).toBeNull();
    expect((await call("GET", "/destinations")).data.map(({ id }: { id: string }) => id)).toEqual([destination.id]);
  });

  test("counts the events that a deletion would cancel, and those that could not be replayed", async () => {
    const { id, call, source, destination } = await makeVersionTeam(api);
    const late = await call("POST", "/connections", {
      name: "late",
      source_id: source.id,
      destination_id: destination.id,
    });
    await api.pool.query(
      `insert into branch_count (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count)
       values ($1, $2, $3, $4, 3, 0, 1, 0, 12)`,
      [id, source.id, late.id, destination.id],
    );
    const plan = await call("POST", "/versions/3/restore/plan", {});
    expect(plan.losses).toEqual([
      "connection late goes, and 4 events that wait are cancelled.",
      "connection late goes, and its 12 failed can no longer be replayed.",
    ]);
  });

  test("brings a deleted connection back with the destination that was deleted too, under their ids", async () => {
    const { call, destination, connection, restore, source } = await makeVersionTeam(api);
    await call("DELETE", `/connections/${connection.id}`);
    await call("DELETE", `/destinations/${destination.id}`);
    const restored = await restore(3, { resource_id: connection.id });
    expect(restored).toMatchObject({
      changes_count: 2,
      notes: [
        "destination out was deleted and is brought back too: what you restore refers to it.",
        "The secret of destination out is gone: it comes back disabled. Set config.auth, then enable it.",
      ],
    });
    expect(await call("GET", `/connections/${connection.id}`)).toMatchObject({
      source_id: source.id,
      destination_id: destination.id,
      rules: connection.rules,
    });
    const back = await call("GET", `/destinations/${destination.id}`);
    expect(back).toMatchObject({ name: "out", config: { url, rate_limit: 600 }, created_at: destination.created_at });
    expect(back.disabled_at).not.toBeNull();
    expect(back.unusable_because).toContain("went when it was deleted");
    const { secret } = await call("POST", `/destinations/${destination.id}/rotate-secret`);
    expect(secret).toMatch(/^whsec_/);
    expect((await call("PUT", `/destinations/${destination.id}/enable`)).unusable_because).toBeNull();
  });

  test("gives a deleted source its URL again", async () => {
    const { call, restore, newest } = await makeVersionTeam(api);
    const made = await call("POST", "/sources", { name: "short-lived" });
    await call("DELETE", `/sources/${made.id}`);
    await restore((await newest()) - 1, { resource_id: made.id });
    expect(await call("GET", `/sources/${made.id}`)).toMatchObject({ url: made.url, disabled_at: null });
  });

  test("brings a transformation back with its code and goes on with its versions", async () => {
    const { call, restore, newest } = await makeVersionTeam(api);
    const made = await call("POST", "/transformations", { name: "t", code: "return request;" });
    await call("PATCH", `/transformations/${made.id}`, { code: "request.query = ''; return request;" });
    const changed = await newest();
    await restore(changed - 1, { resource_id: made.id, fields: ["code"] });
    expect(await call("GET", `/transformations/${made.id}`)).toMatchObject({ code: "return request;", version: 3 });
    await call("DELETE", `/transformations/${made.id}`);
    await restore(changed, { resource_id: made.id });
    expect(await call("GET", `/transformations/${made.id}`)).toMatchObject({
      code: "request.query = ''; return request;",
    });
    await call("PATCH", `/transformations/${made.id}`, { code: "return request; // again" });
    expect(
      (await call("GET", `/transformations/${made.id}/versions`)).data.map((v: { version: number }) => v.version),
    ).toEqual([3, 2]);
  });

  test("is refused when anything has changed since its plan, and changes nothing", async () => {
    const { call, key, destination, source, newest } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300 } });
    const plan = await call("POST", "/versions/3/restore/plan", {});
    await call("PATCH", `/sources/${source.id}`, { description: "meanwhile" });
    const refused = await api.post("/v1/versions/3/restore", { if_newest: plan.newest }, { key });
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toBe(
      "The configuration has changed since your plan: version 5 runs. Nothing was restored: plan again, and send if_newest 5.",
    );
    expect(await newest()).toBe(5);
    expect((await call("GET", `/destinations/${destination.id}`)).config.rate_limit).toBe(300);
  });

  test("of two at the same time is made by one alone", async () => {
    const { call, key, destination, newest } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300 } });
    const answers = await Promise.all(
      [1, 2, 3].map(() => api.post("/v1/versions/3/restore", { if_newest: 4 }, { key })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await newest()).toBe(5);
  });

  test("is refused as a whole where a part is refused, with the reason", async () => {
    const { call, key, source, destination, connection, newest } = await makeVersionTeam(api);
    await call("DELETE", `/connections/${connection.id}`);
    await call("PATCH", `/sources/${source.id}`, { name: "renamed" });
    await call("POST", "/connections", { name: "way", source_id: source.id, destination_id: destination.id });
    const { status, body } = await api.post(
      "/v1/versions/3/restore",
      { resource_id: connection.id, if_newest: await newest() },
      { key },
    );
    expect([status, body.error.message]).toEqual([
      409,
      expect.stringContaining("Another connection of this team has this name"),
    ]);
    expect((await call("GET", `/sources/${source.id}`)).name).toBe("renamed");
  });

  test("leaves listeners alone, which come and go with their sessions", async () => {
    const { key, call, newest, restore } = await makeVersionTeam(api);
    const open = { name: "laptop", session: "a".repeat(32), sources: ["in"] };
    const { id } = await call("POST", "/tunnels", open);
    const listening = await newest();
    expect(await restore(3)).toMatchObject({ number: null, changes_count: 0 });
    await call("POST", "/sources", { name: "later" });
    await call("POST", "/tunnels", { ...open, sources: ["in", "later"] });
    expect(await restore(3)).toMatchObject({ changes_count: 2 });
    expect(await call("GET", `/tunnels/${id}`)).toMatchObject({ name: "laptop", sources: [{ name: "in" }] });
    await call("DELETE", `/tunnels/${id}`);
    expect(await restore(listening)).toMatchObject({ number: null, changes_count: 0 });
    const alone = await api.post(`/v1/versions/${listening}/restore/plan`, { resource_id: id }, { key });
    expect([alone.status, alone.body.error.message]).toEqual([422, expect.stringContaining("of a listener")]);
  });

  test("takes the right to write, and the right to delete where it deletes", async () => {
    const { id, call, source, newest } = await makeVersionTeam(api);
    await call("POST", "/sources", { name: "later" });
    const reader = await api.makeKey([id], "read");
    expect((await api.get("/v1/versions", { key: reader })).status).toBe(200);
    const asked = { if_newest: await newest() };
    expect((await api.post("/v1/versions/3/restore", asked, { key: reader })).status).toBe(403);
    const member = await api.post(
      "/v1/api-keys",
      { name: "m", capabilities: ["connection.write", "source.write"] },
      { team: id, key: await api.makeKey([id]) },
    );
    const key = member.body.key;
    expect(await api.post("/v1/versions/3/restore", asked, { key })).toMatchObject({ status: 403 });
    expect(await api.post("/v1/versions/3/restore", { ...asked, resource_id: source.id }, { key })).toMatchObject({
      status: 200,
    });
  });

  test("names what is wrong with the part that is asked for", async () => {
    const { key, connection, call } = await makeVersionTeam(api);
    const plan = (number: number, body: object) => api.post(`/v1/versions/${number}/restore/plan`, body, { key });
    expect(await plan(99, {})).toMatchObject({ status: 404 });
    expect(await plan(3, { fields: ["name"] })).toMatchObject({ status: 422 });
    const unknown = await plan(2, { resource_id: connection.id });
    expect(unknown.body.error.message).toContain("in version 2: take a version that has it");
    await call("DELETE", `/connections/${connection.id}`);
    expect((await plan(3, { resource_id: connection.id, fields: ["name"] })).body.error.issues[0].path).toBe("fields");
  });

  test("of what somebody changed beside a flow's file ends the drift", async () => {
    const { call, restore } = await makeVersionTeam(api);
    const head = "apiVersion: switchyard.dev/v1\nkind: DeliveryFlow\nmetadata: { name: payments }\n";
    const spec = `spec:\n  source: { name: payments }\n  destinations:\n    - { name: orders, url: "${url}", rateLimit: 600/minute }\n`;
    await call("POST", "/flows/apply", { text: head + spec });
    const [applied] = (await call("GET", "/versions")).data;
    expect(applied).toMatchObject({ flow: "payments", changes_count: 3, restored_from: null });
    const [orders] = (await call("GET", "/destinations?name=orders")).data;
    await call("PATCH", `/destinations/${orders.id}`, { config: { rate_limit: 300 } });
    const drifted = async () => (await call("GET", "/flows")).data[0].drifted_count;
    expect(await drifted()).toBe(1);
    await restore(applied.number, { resource_id: orders.id });
    expect(await drifted()).toBe(0);
  });
});
