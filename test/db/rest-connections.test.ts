import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const url = "https://receiver.example.com/hooks";

describe("connections", () => {
  const rules = [
    { type: "retry", strategy: "linear", interval: 60_000, count: 3 },
    { type: "delay", delay: 1000 },
    { type: "deduplicate", window: 60_000 },
    { type: "filter", body: { type: "invoice.paid" } },
  ];

  test("both ends can be made with it, and rules are saved in the order they run", async () => {
    const made = await api.post("/v1/connections", {
      name: "inline",
      rules,
      source: { name: "inline-source" },
      destination: { name: "inline-destination", config: { url } },
    });
    expect(made.status).toBe(201);
    expect(made.body.rules.map((rule: { type: string }) => rule.type)).toEqual([
      "deduplicate",
      "filter",
      "delay",
      "retry",
    ]);
    expect(made.body).toMatchObject({ paused_at: null, disabled_at: null, warnings: [] });
    expect((await api.get(`/v1/sources/${made.body.source_id}`)).body.name).toBe("inline-source");
    expect((await api.get(`/v1/destinations/${made.body.destination_id}`)).body.name).toBe("inline-destination");
    const listed = await api.get(`/v1/connections?source_id=${made.body.source_id}`);
    expect(listed.body.data.map((connection: { id: string }) => connection.id)).toEqual([made.body.id]);
  });

  test("PUT changes the connection and its inline ends by their names", async () => {
    const input = { name: "put", source: { name: "put-s" }, destination: { name: "put-d", config: { url } }, rules };
    const made = await api.put("/v1/connections", input);
    const again = await api.put("/v1/connections", { ...input, rules: undefined, description: "same" });
    expect(again.body).toMatchObject({
      id: made.body.id,
      source_id: made.body.source_id,
      description: "same",
      rules: made.body.rules,
    });
  });

  test("unpause and enable put the release of held events into the same transaction", async () => {
    const made = await api.post("/v1/connections", {
      name: "paused",
      source: { name: "paused-s" },
      destination: { name: "paused-d", config: { url } },
    });
    const jobs = async () => {
      const { rows } = await api.pool.query("select key from graphile_worker.jobs where key = $1", [
        `release-held:${made.body.id}`,
      ]);
      return rows.length;
    };
    expect((await api.put(`/v1/connections/${made.body.id}/unpause`)).body.paused_at).toBeNull();
    expect(await jobs()).toBe(0);
    expect((await api.put(`/v1/connections/${made.body.id}/pause`)).body.paused_at).not.toBeNull();
    expect(await jobs()).toBe(0);
    expect((await api.get("/v1/connections?paused=true")).body.data.map((c: { id: string }) => c.id)).toEqual([
      made.body.id,
    ]);
    await api.put(`/v1/connections/${made.body.id}/unpause`);
    expect(await jobs()).toBe(1);
    await api.put(`/v1/connections/${made.body.id}/disable`);
    expect((await api.put(`/v1/connections/${made.body.id}/enable`)).body.disabled_at).toBeNull();
    expect(await jobs()).toBe(1);
  });

  test("what connections use cannot be deleted, and the answer says how many do", async () => {
    const code = "return request;";
    const transformation = await api.post("/v1/transformations", { name: "in-use", code });
    const made = await api.post("/v1/connections", {
      name: "user",
      source: { name: "used-s" },
      destination: { name: "used-d", config: { url } },
      rules: [{ type: "transform", transformation_id: transformation.body.id }],
    });
    for (const path of [
      `/v1/sources/${made.body.source_id}`,
      `/v1/destinations/${made.body.destination_id}`,
      `/v1/transformations/${transformation.body.id}`,
    ]) {
      const refused = await api.delete(path);
      expect(refused.status).toBe(409);
      expect(refused.body.error.message).toMatch(/^1 connection uses this/);
    }
    expect((await api.delete(`/v1/connections/${made.body.id}`)).body).toEqual({ id: made.body.id });
    expect((await api.delete(`/v1/sources/${made.body.source_id}`)).status).toBe(200);
    expect((await api.delete(`/v1/destinations/${made.body.destination_id}`)).status).toBe(200);
    expect((await api.delete(`/v1/transformations/${transformation.body.id}`)).status).toBe(200);
    expect((await api.get(`/v1/connections/${made.body.id}`)).status).toBe(404);
  });
});

describe("transformations", () => {
  test("a change of code or env is a new version, a change of name is not", async () => {
    const made = await api.post("/v1/transformations", { name: "versioned", code: "return request;" });
    expect(made.body).toMatchObject({ version: 1, env: {} });
    expect((await api.patch(`/v1/transformations/${made.body.id}`, { name: "renamed" })).body.version).toBe(1);
    expect(
      (await api.patch(`/v1/transformations/${made.body.id}`, { env: { A: "value-of-env-1" } })).body.version,
    ).toBe(2);
    const changed = await api.put("/v1/transformations", {
      name: "renamed",
      code: "request.body = 1; return request;",
    });
    expect(changed.body).toMatchObject({ version: 3, env: { A: "…nv-1" } });
    const same = await api.patch(`/v1/transformations/${made.body.id}`, { env: { A: "…nv-1" } });
    expect(same.body.version).toBe(3);
    expect((await api.patch(`/v1/transformations/${made.body.id}`, { env: { A: "…" } })).status).toBe(422);
    const versions = await api.get(`/v1/transformations/${made.body.id}/versions?limit=2`);
    expect(versions.body.data.map((entry: { version: number }) => entry.version)).toEqual([3, 2]);
    const older = await api.get(`/v1/transformations/${made.body.id}/versions?before=${versions.body.pagination.next}`);
    expect(older.body.data).toMatchObject([{ version: 1, code: "return request;", env: {} }]);
  });

  test("code that is tried has the saved env in clear, and its answer tells of it nowhere but in what the code returns", async () => {
    const code = "console.log(context.env); request.headers.a = context.env.A; return request;";
    const made = await api.post("/v1/transformations", { name: "env", code, env: { A: "value-of-env-2" } });
    const tried = await api.put("/v1/transformations/run", { transformation_id: made.body.id });
    expect(tried.body.request.headers.a).toBe("value-of-env-2");
    expect(JSON.stringify(tried.body.console)).not.toContain("value-of-env");
  });

  test("code can be tried without saving it, and its failure is an answer", async () => {
    const code =
      "console.log('seen', request.body.id); request.body = { id: request.body.id, env: context.env.A }; return request;";
    const handler = `addHandler("transform", (request, context) => { ${code} });`;
    const tried = await api.put("/v1/transformations/run", {
      code: handler,
      env: { A: "x" },
      request: { body: { id: 7 } },
    });
    expect(tried.status).toBe(200);
    expect(tried.body).toMatchObject({ error: null, request: { body: { id: 7, env: "x" } } });
    expect(tried.body.console).toMatchObject([{ level: "log" }]);
    const failed = await api.put("/v1/transformations/run", { code: "\nthrow new Error('no')" });
    expect(failed.body).toMatchObject({ request: null, error: { kind: "threw", line: 2 } });
  });
});
