// Consumers that register themselves, over the API: one call makes them, a lease keeps them, and their own key can nothing else.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lapseEndpoints } from "#server/endpoints/lapse-endpoints.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
});
afterAll(() => api[Symbol.asyncDispose]());

let made = 0;
const url = () => `https://agent-${++made}.example.com/hooks`;
const register = (input: object) => api.post("/v1/endpoints", { url: url(), eventTypes: ["*"], ...input });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const ofConnection = async (id: string) => (await api.get(`/v1/connections/${id}`)).body;

describe("a registration", () => {
  test("takes the calls of the published guide as they are printed, and gives each a key and a secret", async () => {
    await api.post("/v1/sources", { name: "payments" });
    const calls = [
      { url: "https://billing.internal/hooks", eventTypes: ["payment.failed", "payment.completed"] },
      { url: "https://agent-fraud.internal/hooks", eventTypes: ["payment.failed"] },
      { url: "https://agent-onboarding.internal/hooks", eventTypes: ["payment.completed"] },
    ];
    for (const call of calls) {
      const { status, body } = await api.post("/v1/endpoints", call);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        id: expect.stringMatching(/^des_/),
        url: call.url,
        event_types: call.eventTypes.toSorted(),
        is_of_every_source: true,
        is_new: true,
        ttl: null,
        lease_until: null,
        verification: null,
        key: expect.stringMatching(/^sy_/),
        secret: expect.stringMatching(/^whsec_/),
      });
      const connection = await ofConnection(body.connections[0].id);
      expect(connection.rules).toEqual([{ type: "filter", event_type: call.eventTypes.toSorted() }]);
      expect((await api.get(`/v1/destinations/${body.id}`)).body.config).toMatchObject({
        path_forwarding_disabled: true,
      });
    }
  });

  test("takes event_types as well, one of the two, and says what is wrong by the name that was sent", async () => {
    expect((await register({ eventTypes: undefined, event_types: ["a.*"] })).body.event_types).toEqual(["a.*"]);
    expect((await register({ event_types: ["a"] })).body.error.issues).toMatchObject([{ path: "event_types" }]);
    expect((await register({ eventTypes: undefined })).body.error.issues).toMatchObject([{ path: "eventTypes" }]);
    for (const bad of [
      "http://127.0.0.1/x",
      "http://169.254.169.254/",
      "file:///etc/passwd",
      "no url",
      "https://u:p@example.com/",
    ]) {
      const refused = await register({ url: bad });
      expect(refused).toMatchObject({ status: 422, body: { error: { issues: [{ path: "url" }] } } });
    }
    const own = (await api.post("/v1/sources", { name: "own" })).body.url;
    expect((await register({ url: own.replace(/^https?:\/\/[^/]+/, "https://alias.example.com") })).status).toBe(422);
    for (const ttl of [9, 0, -1, 1.5, 2_592_001, 1e300]) {
      const { issues } = (await register({ ttl })).body.error;
      expect(new Set(issues.map(({ path }: { path: string }) => path))).toEqual(new Set(["ttl"]));
    }
    expect((await register({ source: "nobody" })).body.error.issues).toMatchObject([{ path: "source" }]);
    expect((await register({ eventTypes: Array.from({ length: 21 }, (_, n) => `t${n}`) })).status).toBe(422);
  });

  test("that comes again is the same endpoint with a new lease and a key more; other event types are another one", async () => {
    const call = { url: url(), eventTypes: ["b", "a", "b"], ttl: 60 };
    const first = (await api.post("/v1/endpoints", call)).body;
    const again = (await api.post("/v1/endpoints", { ...call, eventTypes: ["a", "b"] })).body;
    expect(again).toMatchObject({ id: first.id, is_new: false, secret: null, renewals: 1 });
    expect(again.key).not.toBe(first.key);
    for (const { key } of [first, again])
      expect((await api.get(`/v1/endpoints/${first.id}`, { key })).status).toBe(200);
    for (let n = 0; n < 4; n++) await api.post("/v1/endpoints", call);
    expect((await api.get(`/v1/endpoints/${first.id}`, { key: again.key })).status).toBe(200);
    expect(await api.db.apiKey.count({ where: { endpoint_id: first.id } })).toBe(5);
    expect((await api.post("/v1/endpoints", { ...call, eventTypes: ["c"] })).body.id).not.toBe(first.id);
    const parallel = await Promise.all(
      Array.from({ length: 4 }, () => api.post("/v1/endpoints", { ...call, eventTypes: ["d"] })),
    );
    expect(new Set(parallel.map(({ body }) => body.id)).size).toBe(1);
  });

  test("by a name changes the endpoint of that name, and never a destination that is none", async () => {
    const first = (await register({ name: "agent" })).body;
    const moved = url();
    const again = (await register({ name: "agent", url: moved, eventTypes: ["x"] })).body;
    expect(again).toMatchObject({ id: first.id, url: moved, event_types: ["x"] });
    expect((await ofConnection(first.connections[0].id)).rules).toEqual([{ type: "filter", event_type: ["x"] }]);
    await api.post("/v1/destinations", { name: "not-one", config: { url: url() } });
    expect(await register({ name: "not-one" })).toMatchObject({
      status: 409,
      body: { error: { issues: [{ path: "name" }] } },
    });
    const source = (await api.post("/v1/sources", { name: "agents-own" })).body;
    expect((await register({ name: "agent", source: source.id })).body.error.issues).toMatchObject([
      { path: "source" },
    ]);
  });

  test("without a source takes what comes of every one, those made later too; with one, of that alone", async () => {
    const named = (await register({ source: "payments" })).body;
    expect(named).toMatchObject({ is_of_every_source: false, connections: [{ source_id: expect.any(String) }] });
    const every = (await register({ source: "*", eventTypes: ["x.*"] })).body;
    const paused = (await register({})).body;
    await api.patch(`/v1/endpoints/${paused.id}`, { paused: true });
    const later = (await api.post("/v1/sources", { name: "later" })).body;
    const connections = async (id: string) =>
      (await api.get(`/v1/endpoints/${id}`)).body.connections as { id: string; source_id: string }[];
    const added = (await connections(every.id)).find(({ source_id }) => source_id === later.id);
    expect((await ofConnection(added?.id ?? "")).rules).toEqual([{ type: "filter", event_type: ["x.*"] }]);
    expect((await connections(named.id)).map(({ source_id }) => source_id)).not.toContain(later.id);
    const still = (await connections(paused.id)).find(({ source_id }) => source_id === later.id);
    expect((await ofConnection(still?.id ?? "")).paused_at).not.toBeNull();
    await api.post("/v1/sources/system", {});
    expect((await connections(every.id)).length).toBe(
      await api.db.source.count({ where: { team_id: api.teamId, is_system: false } }),
    );
  });

  test("is bounded in each minute", async () => {
    const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000).getTime();
    const other = api.app.shares.registrations;
    let taken = 0;
    while (other.take("tm_flood", minute) === true) taken++;
    expect(taken).toBe(1_000);
    expect(other.take("tm_calm", minute)).toBe(true);
    expect(other.take("tm_flood", minute + 1_000)).toEqual({ againInMs: 59_000 });
    expect(other.take("tm_flood", minute + 60_000)).toBe(true);
  });
});

describe("a lease", () => {
  const holdOf = async (id: string) => (await api.get(`/v1/endpoints/${id}`)).body.hold_reason;

  test("that is renewed goes on; one that is not holds the endpoint, and removes it after the grace", async () => {
    const [kept, left, calm] = await Promise.all([register({ ttl: 600 }), register({ ttl: 600 }), register({})]);
    const at = inSeconds(601);
    const beat = await api.put(`/v1/endpoints/${kept.body.id}/heartbeat`, {}, { key: kept.body.key });
    expect(beat.body).toMatchObject({ id: kept.body.id, ttl: 600, hold_reason: null });
    await api.db.endpoint.update({ where: { id: kept.body.id }, data: { lease_until: inSeconds(9_000) } });
    await lapseEndpoints(api.pool, at);
    expect([await holdOf(kept.body.id), await holdOf(left.body.id), await holdOf(calm.body.id)]).toEqual([
      null,
      "lease_expired",
      null,
    ]);
    const { removed_at } = (await api.get(`/v1/endpoints/${left.body.id}`)).body;
    expect(Date.parse(removed_at)).toBe(at.getTime() + 600_000);
    await lapseEndpoints(api.pool, new Date(at.getTime() + 599_000));
    expect(await holdOf(left.body.id)).toBe("lease_expired");
    await lapseEndpoints(api.pool, new Date(at.getTime() + 600_000));
    expect((await api.get(`/v1/endpoints/${left.body.id}`)).status).toBe(404);
    expect((await api.get(`/v1/destinations/${left.body.id}`)).status).toBe(404);
    expect((await api.get(`/v1/connections/${left.body.connections[0].id}`)).status).toBe(404);
    expect(await api.db.apiKey.count({ where: { endpoint_id: left.body.id } })).toBe(0);
    const entries = await api.db.auditEntry.findMany({
      where: { resource_id: left.body.id, actor_id: "lease" },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ action, after }) => [action, JSON.parse(after ?? "{}")])).toMatchObject([
      ["pause", { lease_until: expect.any(String) }],
      ["delete", { because: "lease_ran_out", cancelled: 0 }],
    ]);
    const gone = (await api.get("/v1/endpoints/gone")).body.data;
    expect(gone).toContainEqual(
      expect.objectContaining({ id: left.body.id, url: left.body.url, because: "lease_ran_out" }),
    );
    expect((await api.get(`/v1/endpoints/${calm.body.id}`)).status).toBe(200);
  });

  test("that has run out begins again with a heartbeat, and with the same registration", async () => {
    for (const way of ["heartbeat", "register"]) {
      const call = { url: url(), eventTypes: ["*"], ttl: 60 };
      const { id, key } = (await api.post("/v1/endpoints", call)).body;
      await lapseEndpoints(api.pool, inSeconds(61));
      expect(await holdOf(id)).toBe("lease_expired");
      if (way === "heartbeat") await api.put(`/v1/endpoints/${id}/heartbeat`, {}, { key });
      else expect((await api.post("/v1/endpoints", call)).body).toMatchObject({ id, is_new: false });
      expect(await holdOf(id)).toBeNull();
      // From the heartbeat on, whatever the clock of the worker said before.
      await lapseEndpoints(api.pool, inSeconds(30));
      expect(await holdOf(id)).toBeNull();
    }
  });

  test("counts its grace from when the lapse was seen: after a standstill of a day nobody is removed at once", async () => {
    const { id } = (await register({ ttl: 10 })).body;
    const dayLater = inSeconds(86_400);
    await lapseEndpoints(api.pool, dayLater);
    expect((await api.get(`/v1/endpoints/${id}`)).body.removed_at).toBe(
      new Date(dayLater.getTime() + 60_000).toISOString(),
    );
  });

  test("can be given, changed and taken away, and is told to the system source", async () => {
    await api.post("/v1/sources/system", {});
    const system = await api.db.source.findFirstOrThrow({ where: { team_id: api.teamId, is_system: true } });
    await api.post("/v1/connections", {
      name: "hears",
      source_id: system.id,
      destination: { name: "hears-d", type: "MOCK" },
    });
    const { id } = (await register({})).body;
    expect((await api.patch(`/v1/endpoints/${id}`, { ttl: 60 })).body).toMatchObject({
      ttl: 60,
      lease_until: expect.any(String),
    });
    expect((await api.patch(`/v1/endpoints/${id}`, { ttl: null })).body).toMatchObject({
      ttl: null,
      lease_until: null,
    });
    await lapseEndpoints(api.pool, inSeconds(120));
    expect(await holdOf(id)).toBeNull();
    await api.patch(`/v1/endpoints/${id}`, { ttl: 60 });
    const at = inSeconds(200);
    await lapseEndpoints(api.pool, at);
    await lapseEndpoints(api.pool, new Date(at.getTime() + 60_000));
    const told = await api.db.request.findMany({ where: { source_id: system.id }, orderBy: { id: "asc" } });
    const ours = told.filter(({ body }) => Buffer.from(body).toString().includes(id));
    expect(ours.map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(["endpoint.lapsed", "endpoint.removed"]),
    );
  });

  test("is for no destination that takes the dead letters of another, and no such is named for them", async () => {
    const leased = (await register({ ttl: 600 })).body;
    const config = { url: url(), dead_letter_destination_id: leased.id };
    expect(await api.post("/v1/destinations", { name: "letters", config })).toMatchObject({ status: 422 });
    const calm = (await register({})).body;
    await api.post("/v1/destinations", { name: "letters", config: { ...config, dead_letter_destination_id: calm.id } });
    expect((await api.patch(`/v1/endpoints/${calm.id}`, { ttl: 60 })).status).toBe(409);
    expect((await api.delete(`/v1/endpoints/${calm.id}`)).status).toBe(409);
  });

  test("is given to what has none only by whoever may delete", async () => {
    const { key } = (
      await api.post("/v1/api-keys", { name: "narrow", capabilities: ["connection.write", "destination.write"] })
    ).body;
    const { id } = (await register({})).body;
    expect((await api.patch(`/v1/endpoints/${id}`, { ttl: 60 }, { key })).status).toBe(403);
    expect((await api.patch(`/v1/endpoints/${id}`, { eventTypes: ["a"] }, { key })).status).toBe(200);
    expect((await api.delete(`/v1/endpoints/${id}`, { key })).status).toBe(403);
  });
});

test("other event types and a pause reach every connection of an endpoint, however many sources there are", async () => {
  const team = await api.makeTeam("many-sources");
  const key = await api.makeKey([team]);
  const { id } = (await api.post("/v1/endpoints", { url: url(), eventTypes: ["a"] }, { key })).body;
  for (let n = 0; n < 101; n++) await api.post("/v1/sources", { name: `s${n}` }, { key });
  await api.patch(`/v1/endpoints/${id}`, { eventTypes: ["b"], paused: true }, { key });
  const connections = await api.db.connection.findMany({ where: { destination_id: id } });
  expect(connections).toHaveLength(101);
  for (const { rules, paused_at } of connections) {
    expect(rules).toEqual([{ type: "filter", event_type: ["b"] }]);
    expect(paused_at).not.toBeNull();
  }
});

test("the list is paged, and found by URL, name, event type, source and hold", async () => {
  const found = (await register({ name: "findable", eventTypes: ["find.me"], source: "payments" })).body;
  const ids = async (query: string) =>
    (await api.get(`/v1/endpoints?${query}`)).body.data.map(({ id }: { id: string }) => id);
  expect(await ids("search=findab")).toEqual([found.id]);
  expect(await ids(`search=${encodeURIComponent(found.url.slice(8))}`)).toEqual([found.id]);
  expect(await ids("search=find.me")).toEqual([found.id]);
  expect(await ids("search=%25")).toEqual([]);
  expect(await ids(`name=findable&source_id=${found.connections[0].source_id}&held=false`)).toEqual([found.id]);
  const first = (await api.get("/v1/endpoints?limit=1")).body;
  expect(first.data).toHaveLength(1);
  expect((await api.get(`/v1/endpoints?limit=1&next=${first.pagination.next}`)).body.data[0].id).not.toBe(
    first.data[0].id,
  );
});

test("a change that was meant for an older state is refused", async () => {
  const { id, updated_at } = (await register({})).body;
  await api.patch(`/v1/endpoints/${id}`, { eventTypes: ["new"] });
  const refused = await api.patch(`/v1/endpoints/${id}`, { eventTypes: ["late"], if_updated_at: updated_at });
  expect(refused.status).toBe(409);
  expect(refused.body.error.message).toContain("event_types");
});
