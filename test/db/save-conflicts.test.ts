// Two people change one resource: the second is told who changed what, and nothing is overwritten unseen.
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appRouter } from "#server/api/app-router.ts";
import { createContext } from "#server/api/trpc.ts";
import { authenticate } from "#server/auth/authenticate.ts";
import { updateSource } from "#server/resources/sources.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** A team with one resource of each kind, and two keys that change them. */
async function makeTeam() {
  const team = await api.makeTeam("shared");
  const [anna, ben] = [await api.makeKey([team]), await api.makeKey([team])];
  const made = async (path: string, body: object) => (await api.post(path, body, { key: anna })).body;
  const url = "https://example.com/hook";
  const source = await made("/v1/sources", { name: "s" });
  const destination = await made("/v1/destinations", { name: "d", config: { url } });
  const ends = { source_id: source.id, destination_id: destination.id };
  return {
    anna,
    ben,
    paths: {
      source: `/v1/sources/${source.id}`,
      destination: `/v1/destinations/${destination.id}`,
      connection: `/v1/connections/${(await made("/v1/connections", { name: "c", ...ends })).id}`,
      transformation: `/v1/transformations/${(await made("/v1/transformations", { name: "t", code: "return request;" })).id}`,
    },
  };
}
const KINDS = ["source", "destination", "connection", "transformation"] as const;
const countEntries = async () => Number((await api.pool.query("select count(*) from audit_entry")).rows[0].count);

describe.each(KINDS)("a %s that somebody else has changed", (kind) => {
  test("is not overwritten: the answer says who, what and the present updated_at", async () => {
    const { anna, ben, paths } = await makeTeam();
    const path = paths[kind];
    const read = (await api.get(path, { key: anna })).body;
    const saved = await api.patch(path, { name: "renamed", if_updated_at: read.updated_at }, { key: anna });
    expect(saved.status).toBe(200);
    expect(saved.body.updated_at > read.updated_at).toBe(true);
    const entries = await countEntries();

    const refused = await api.patch(path, { description: "mine", if_updated_at: read.updated_at }, { key: ben });
    expect(refused.status).toBe(409);
    const { error } = refused.body;
    expect(error.code).toBe("CONFLICT");
    expect(error.message).toBe(
      `This ${kind} is not as you read it any more: test changed name at ${saved.body.updated_at}. ` +
        `Nothing was saved: read it again, and send your change with if_updated_at ${saved.body.updated_at}.`,
    );
    expect(error.changed_since).toMatchObject({
      updated_at: saved.body.updated_at,
      changes: [{ actor_kind: "api_key", actor_name: "test", is_own: false, action: "update", fields: ["name"] }],
    });
    expect((await api.get(path, { key: ben })).body).toEqual((await api.get(path, { key: anna })).body);
    expect((await api.get(path, { key: ben })).body).toMatchObject({ name: "renamed", description: null });
    expect(await countEntries()).toBe(entries);

    const again = { description: "mine", if_updated_at: error.changed_since.updated_at };
    expect((await api.patch(path, again, { key: ben })).body).toMatchObject({ name: "renamed", description: "mine" });
  });

  test("loses no change of writers at the same time", async () => {
    const { anna, ben, paths } = await makeTeam();
    const path = paths[kind];
    let refusals = 0;
    const addOne = async (key: string): Promise<void> => {
      const { description, updated_at } = (await api.get(path, { key })).body;
      const change = { description: String(Number(description ?? "0") + 1), if_updated_at: updated_at };
      const { status } = await api.patch(path, change, { key });
      if (status === 200) return;
      expect(status).toBe(409);
      refusals += 1;
      await addOne(key);
    };
    await Promise.all([anna, ben, anna, ben, anna, ben].map((key) => addOne(key)));
    expect((await api.get(path, { key: anna })).body.description).toBe("6");
    expect(refusals).toBeGreaterThan(0);
  });

  test("is changed as before by who does not ask", async () => {
    const { anna, paths } = await makeTeam();
    await api.patch(paths[kind], { name: "renamed" }, { key: anna });
    expect((await api.patch(paths[kind], { description: "mine" }, { key: anna })).status).toBe(200);
  });
});

describe("a refusal", () => {
  test("names each change in turn, your own as yours, the earliest only by their number", async () => {
    const { anna, ben, paths } = await makeTeam();
    const path = paths.connection;
    const { updated_at } = (await api.get(path, { key: anna })).body;
    await api.patch(path, { name: "b" }, { key: anna });
    await api.patch(path, { rules: [{ type: "delay", delay: 1_000 }], description: "x" }, { key: ben });
    await api.put(`${path}/pause`, {}, { key: ben });
    await api.put(`${path}/disable`, {}, { key: anna });
    const { error } = (await api.patch(path, { name: "mine", if_updated_at: updated_at }, { key: ben })).body;
    expect(error.message.replaceAll(/ at 20[^;,.]+\.\d+Z/g, "")).toMatch(
      /any more: you changed description, rules; you paused it; test disabled it, after a change before that\. Nothing/,
    );
    expect(error.changed_since.changes.map((change: { action: string }) => change.action)).toEqual([
      "update",
      "update",
      "pause",
      "disable",
    ]);
  });

  test("shows no secret, only that one was changed", async () => {
    const { anna, ben, paths } = await makeTeam();
    const path = paths.destination;
    const { updated_at } = (await api.get(path, { key: anna })).body;
    const auth = { token: "the-secret-of-the-receiver" };
    await api.patch(path, { config: { auth_type: "BEARER_TOKEN", auth } }, { key: anna });
    const { text, body } = await api.patch(path, { name: "mine", if_updated_at: updated_at }, { key: ben });
    expect(body.error.changed_since.changes[0].fields).toContain("config.auth.token");
    expect(text).not.toContain("secret-of-the-receiver");
  });

  test("is told to nobody of another team", async () => {
    const { paths } = await makeTeam();
    const stale = { name: "mine", if_updated_at: "2020-01-01T00:00:00.000Z" };
    for (const kind of KINDS) expect((await api.patch(paths[kind], stale)).status).toBe(404);
  });

  test("comes by tRPC with the same facts", async () => {
    const { anna, ben, paths } = await makeTeam();
    const id = paths.source.split("/").at(-1);
    const { updated_at } = (await api.get(paths.source, { key: anna })).body;
    await api.patch(paths.source, { name: "renamed" }, { key: anna });
    const headers = new Headers({ "content-type": "application/json", authorization: `Bearer ${ben}` });
    const body = JSON.stringify({ id, name: "mine", if_updated_at: updated_at });
    const req = new Request("http://test/trpc/sources.update", { method: "POST", headers, body });
    const createTrpcContext = () => createContext(api.app, headers, "192.0.2.1");
    const res = await fetchRequestHandler({
      endpoint: "/trpc",
      req,
      router: appRouter,
      createContext: createTrpcContext,
    });
    expect(await res.json()).toMatchObject({
      error: { data: { code: "CONFLICT", changed_since: { changes: [{ fields: ["name"] }] } } },
    });
  });
});

test("an older version is not brought back over what somebody else has written", async () => {
  const { anna, ben, paths } = await makeTeam();
  const path = paths.transformation;
  await api.patch(path, { code: "return { ...request };" }, { key: anna });
  const { updated_at } = (await api.get(path, { key: anna })).body;
  await api.patch(path, { code: "return request; // of Ben" }, { key: ben });
  const restored = await api.post(`${path}/restore`, { version: 1, if_updated_at: updated_at }, { key: anna });
  expect(restored.status).toBe(409);
  expect((await api.get(path, { key: anna })).body).toMatchObject({ version: 3, code: "return request; // of Ben" });
});

describe("a switch", () => {
  test("is flipped back while nothing else has changed, and refused with the reason after", async () => {
    const { anna, ben, paths } = await makeTeam();
    const path = paths.connection;
    const paused = (await api.put(`${path}/pause`, {}, { key: anna })).body;
    const back = await api.put(`${path}/unpause`, { if_updated_at: paused.updated_at }, { key: anna });
    expect(back.body).toMatchObject({ paused_at: null });
    const disabled = (await api.put(`${path}/disable`, {}, { key: anna })).body;
    await api.put(`${path}/pause`, {}, { key: ben });
    const refused = await api.put(`${path}/enable`, { if_updated_at: disabled.updated_at }, { key: anna });
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain(": test paused it at ");
    expect((await api.get(path, { key: anna })).body.disabled_at).toBe(disabled.disabled_at);
  });

  test.each(["source", "destination"] as const)("of a %s asks the same", async (kind) => {
    const { anna, paths } = await makeTeam();
    const disabled = (await api.put(`${paths[kind]}/disable`, {}, { key: anna })).body;
    await api.patch(paths[kind], { name: "renamed" }, { key: anna });
    const undo = { if_updated_at: disabled.updated_at };
    expect((await api.put(`${paths[kind]}/enable`, undo, { key: anna })).status).toBe(409);
  });
});

/** What is changed at a team besides its named resources: where it is read and changed, and a change of each of two people. */
const SETTINGS: Record<string, { first: object; second: object; told: string }> = {
  "a notification": {
    first: { quiet_hours: { from: "22:00", until: "07:00", time_zone: "UTC" } },
    second: { quiet_hours: null, kinds: ["backlog"] },
    told: "quiet_hours",
  },
  "the masks of a team": { first: { masked_paths: ["body.a"] }, second: { masked_paths: [] }, told: "masked_paths" },
  "the days of a team": { first: { days: 3 }, second: { days: 5 }, told: "retention_days" },
  "the name of a team": { first: { name: "First" }, second: { name: "Second" }, told: "name" },
  "the rules of issues": {
    first: { rules: { backlog: { late_ms: 60_000 } } },
    second: { rules: { backlog: { late_ms: 90_000 } } },
    told: "issue_rules.backlog.late_ms",
  },
};
/** The address of each. */
async function pathOf(setting: string, team: string, key: string): Promise<string> {
  if (setting === "the name of a team") return `/v1/teams/${team}`;
  if (setting === "the rules of issues") {
    await api.patch("/v1/issues/rules", { rules: { payload_drift: { is_watched: true } } }, { key });
    return "/v1/issues/rules";
  }
  if (setting !== "a notification") return "/v1/retention";
  const made = { name: "ops", channel: "webhook", url: "https://example.com/ops" };
  return `/v1/notifications/${(await api.post("/v1/notifications", made, { key })).body.id}`;
}

test.each(Object.keys(SETTINGS))(
  "%s is not changed over somebody else's change: who, what, and nothing of it",
  async (setting) => {
    const { first, second, told } = SETTINGS[setting] ?? { first: {}, second: {}, told: "" };
    const team = await api.makeTeam("settings");
    const [anna, ben] = [await api.makeKey([team]), await api.makeKey([team])];
    const path = await pathOf(setting, team, anna);
    const { updated_at } = (await api.get(path, { key: ben })).body;
    expect((await api.patch(path, { ...first, if_updated_at: updated_at }, { key: anna })).status).toBe(200);
    const saved = (await api.get(path, { key: anna })).body;
    const entries = await countEntries();
    const refused = await api.patch(path, { ...second, if_updated_at: updated_at }, { key: ben });
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(
      new RegExp(`any more: test changed .*${told}.* at 20.*Nothing was saved`),
    );
    expect(refused.body.error.changed_since).toMatchObject({
      updated_at: saved.updated_at,
      changes: [{ is_own: false }],
    });
    expect((await api.get(path, { key: ben })).body).toEqual(saved);
    expect(await countEntries()).toBe(entries);
    const again = { ...second, if_updated_at: saved.updated_at };
    expect((await api.patch(path, again, { key: ben })).body).toMatchObject(second);
    expect((await api.patch(path, first, { key: anna })).body).toMatchObject(first);
  },
);

test("no two states of a resource have the same time, not in one millisecond nor by a clock that goes back", async () => {
  const { anna, paths } = await makeTeam();
  const id = paths.source.split("/").at(-1) ?? "";
  const ctx = await authenticate(api.app, { authorization: `Bearer ${anna}`, teamId: undefined, ip: "192.0.2.1" });
  const nowMs = Date.now() + 60_000;
  const change = async (ms: number) => {
    const app = { ...api.app, now: () => new Date(ms) };
    return (await updateSource({ ...ctx, app }, { id, description: String(ms) })).updated_at;
  };
  const times = [await change(nowMs), await change(nowMs), await change(nowMs - 5_000)];
  expect(times).toEqual([0, 1, 2].map((more) => new Date(nowMs + more).toISOString()));
  const { error } = (await api.patch(paths.source, { name: "mine", if_updated_at: times[0] }, { key: anna })).body;
  expect(error.changed_since.changes.map((each: { created_at: string }) => each.created_at)).toEqual(times.slice(1));
});
