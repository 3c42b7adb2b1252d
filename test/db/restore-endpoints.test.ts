// Endpoints register themselves and are in no version: a restore leaves them alone.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";
import { makeVersionTeam } from "#test/support/version-team.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe("beside endpoints, a restore", () => {
  const register = (call: Awaited<ReturnType<typeof makeVersionTeam>>["call"], input: object = {}) =>
    call("POST", "/endpoints", { url: "https://agent.example.com/hooks", eventTypes: ["*"], ...input });

  test("leaves them as they are, and needs no new plan when they come and go", async () => {
    const { call, destination } = await makeVersionTeam(api);
    await call("PATCH", `/destinations/${destination.id}`, { config: { rate_limit: 300 } });
    const gone = await register(call, { url: "https://gone.example.com/hooks" });
    const plan = await call("POST", "/versions/3/restore/plan", {});
    expect(plan).toMatchObject({ newest: 4, changes_count: 1, losses: [] });
    const agent = await register(call);
    await call("DELETE", `/endpoints/${gone.id}`);
    expect(await call("POST", "/versions/3/restore", { if_newest: plan.newest })).toMatchObject({ changes_count: 1 });
    expect(await call("GET", `/endpoints/${agent.id}`)).toMatchObject({ connections: agent.connections });
    expect((await call("GET", "/endpoints")).data).toHaveLength(1);
  });

  test("takes a source from those of every source, and brings it back to them", async () => {
    const { call, source, connection, newest, restore } = await makeVersionTeam(api);
    const agent = await register(call);
    const sourcesOf = async () =>
      (await call("GET", `/endpoints/${agent.id}`)).connections.map((each: { source_id: string }) => each.source_id);
    expect(await sourcesOf()).toEqual([source.id]);
    await call("DELETE", `/connections/${connection.id}`);
    await call("DELETE", `/sources/${source.id}`);
    expect(await sourcesOf()).toEqual([]);
    const without = await newest();
    await restore(3);
    expect(await sourcesOf()).toEqual([source.id]);
    await restore(without);
    expect(await sourcesOf()).toEqual([]);
  });

  test("is refused with the reason where one takes events of the source that would go", async () => {
    const { call, key, newest } = await makeVersionTeam(api);
    await call("POST", "/sources", { name: "later" });
    await register(call, { source: "later" });
    const refused = await api.post("/v1/versions/3/restore", { if_newest: await newest() }, { key });
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining("An endpoint") } },
    });
    expect((await call("GET", "/sources?name=later")).data).toHaveLength(1);
  });
});
