// Paused and disabled are part of what is saved: at once with a new resource, and with an upsert of one that is there.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const url = "https://receiver.example.com/hooks";
const isTime = expect.stringMatching(/^\d{4}-/);
const auditOf = async (id: string) => {
  const rows = await api.db.auditEntry.findMany({ where: { resource_id: id }, orderBy: { id: "asc" } });
  return rows.map(({ action }) => action);
};
const releases = async (id: string) => {
  const { rows } = await api.pool.query("select from graphile_worker.jobs where key = $1", [`release-held:${id}`]);
  return rows.length;
};

test("a connection can be made paused and disabled, with ends that are disabled, and nothing is open in between", async () => {
  const made = await api.post("/v1/connections", {
    name: "still",
    paused: true,
    disabled: true,
    source: { name: "still-s", disabled: true },
    destination: { name: "still-d", disabled: true, config: { url } },
  });
  expect(made).toMatchObject({ status: 201, body: { paused_at: isTime, paused_until: null, disabled_at: isTime } });
  expect((await api.get(`/v1/sources/${made.body.source_id}`)).body.disabled_at).toMatch(/^\d{4}-/);
  expect((await api.get(`/v1/destinations/${made.body.destination_id}`)).body.disabled_at).toMatch(/^\d{4}-/);
  // One entry each: it was never anything else.
  for (const id of [made.body.id, made.body.source_id, made.body.destination_id]) {
    expect(await auditOf(id)).toEqual(["create"]);
  }
});

test("an upsert that says nothing of the switches leaves them, and one that does flips them", async () => {
  const put = (path: string, body: object) => api.put(path, body);
  const ends = { source: { name: "up-s" }, destination: { name: "up-d", config: { url } } };
  const made = await put("/v1/connections", { name: "up", paused: true, ...ends });
  const { id, source_id, destination_id } = made.body;
  expect((await put("/v1/connections", { name: "up", ...ends })).body).toMatchObject({ paused_at: isTime });
  expect(await releases(id)).toBe(0);
  const open = await put("/v1/connections", { name: "up", paused: false, ...ends });
  expect(open.body).toMatchObject({ id, paused_at: null });
  expect(await releases(id)).toBe(1);
  const shut = {
    name: "up",
    disabled: true,
    source: { ...ends.source, disabled: true },
    destination: { ...ends.destination, disabled: true },
  };
  const closed = await put("/v1/connections", shut);
  expect(closed.body).toMatchObject({ id, disabled_at: isTime });
  expect((await put("/v1/sources", { name: "up-s" })).body).toMatchObject({ id: source_id, disabled_at: isTime });
  expect((await put("/v1/sources", { name: "up-s", disabled: false })).body.disabled_at).toBeNull();
  const destination = await put("/v1/destinations", { name: "up-d", disabled: false });
  expect(destination.body).toMatchObject({ id: destination_id, disabled_at: null });
  expect(await auditOf(destination_id)).toContain("disable");
  expect(await auditOf(destination_id)).toContain("enable");
});

test("an upsert that says paused keeps the end that a pause has", async () => {
  const made = await api.post("/v1/connections", {
    name: "until",
    source: { name: "until-s" },
    destination: { name: "until-d", config: { url } },
  });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await api.put(`/v1/connections/${made.body.id}/pause`, { until });
  const { source_id, destination_id } = made.body;
  const again = await api.put("/v1/connections", { name: "until", source_id, destination_id, paused: true });
  expect(again.body).toMatchObject({ paused_at: isTime, paused_until: until });
});

test("a PATCH takes them as well", async () => {
  const made = await api.post("/v1/sources", { name: "patched" });
  const off = await api.patch(`/v1/sources/${made.body.id}`, { disabled: true, description: "off" });
  expect(off.body).toMatchObject({ disabled_at: isTime, description: "off" });
});

test("a key that may not pause makes no paused connection and resumes none", async () => {
  const made = await api.post("/v1/api-keys", {
    name: "narrow",
    capabilities: ["connection.write", "source.write", "destination.write"],
  });
  const input = {
    name: "narrow",
    paused: true,
    source: { name: "narrow-s" },
    destination: { name: "narrow-d", config: { url } },
  };
  const refused = await api.post("/v1/connections", input, { key: made.body.key });
  expect(refused).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining("connection.pause") } },
  });
});
