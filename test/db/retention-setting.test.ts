import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { App } from "#server/auth/ctx.ts";
import { EVERYTHING } from "#server/auth/roles.ts";
import { newId } from "#server/ids.ts";
import { makeRoomReader } from "#server/process/disk-room.ts";
import { makeLog } from "#server/process/log.ts";
import { readDisk } from "#server/resources/stored-days.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { createApi, type TestApi } from "#test/support/api.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const daysAgo = (days: number) => NOW - days * DAY_MS;

let api: TestApi;
beforeAll(async () => {
  api = await createApi();
  await ensurePartitions(api.pool, NOW, 31);
});
afterAll(() => api[Symbol.asyncDispose]());

async function makeTeam() {
  const team = await api.makeTeam("kept");
  const key = await api.makeKey([team]);
  return { team, key };
}

/** A request with its event and an attempt, all of one instant. */
async function store(team: string, atMs: number, status = "DELIVERED", bodyBytes = 10): Promise<void> {
  const at = new Date(atMs);
  const base = { team_id: team, created_at: at, source_id: "s" };
  const branch = { ...base, connection_id: "c", destination_id: "d" };
  const request = { status: "accepted", verified: false, method: "POST", path: "/", query: "", headers: [] };
  await api.db.request.create({
    data: {
      ...base,
      ...request,
      id: newId("request", atMs),
      body: Buffer.from(Array.from({ length: bodyBytes }, (_, i) => (i * 7919) % 251)),
      body_bytes: bodyBytes,
      remote_ip: "127.0.0.1",
    },
  });
  const event = { id: newId("event", atMs), request_id: newId("request", atMs), status, trigger: "INITIAL", why: [] };
  await api.db.event.create({ data: { ...branch, ...event } });
  const attempt = { event_id: event.id, number: 1, trigger: "INITIAL", requested_url: "u", http_method: "POST" };
  await api.db.attempt.create({
    data: { ...branch, ...attempt, id: newId("attempt", atMs), request_headers: [], latency_ms: 1 },
  });
}

const countOf = async (team: string) => {
  const { rows } = await api.pool.query(
    `select (select count(*) from request where team_id = $1)::int as request, (select count(*) from event where team_id = $1)::int as event,
       (select count(*) from attempt where team_id = $1)::int as attempt`,
    [team],
  );
  return rows[0];
};
const purge = () =>
  purgeExpired(api.pool, makeLog("test", "warn", { write: () => {} }), { now: new Date(), retentionDays: 30 });

describe("a plan", () => {
  test("counts exactly what the next removal takes, of this team alone", async () => {
    const [{ team, key }, other] = [await makeTeam(), await makeTeam()];
    for (const days of [20, 12, 11]) await store(team, daysAgo(days), days === 11 ? "FAILED" : "DELIVERED", 5_000);
    for (const days of [9, 0.01]) await store(team, daysAgo(days));
    await store(other.team, daysAgo(20));
    const { body: plan } = await api.get("/v1/retention/plan?days=10", { key });
    expect(plan).toMatchObject({
      days: 10,
      own_days: 10,
      installation_days: 30,
      failed_events: 1,
      is_held_back: false,
    });
    const rows = Object.fromEntries(plan.removes.map((one: { kind: string; rows: number }) => [one.kind, one.rows]));
    expect(rows).toEqual({ request: 3, event: 3, attempt: 3, ignored_event: 0 });
    const request = plan.removes.find(({ kind }: { kind: string }) => kind === "request");
    expect(request).toMatchObject({ is_rows_estimated: false, is_bytes_estimated: false });
    expect(request.bytes).toBeGreaterThan(15_000);
    expect(request.bytes).toBeLessThan(18_000);
    expect(new Date(plan.removed_at).toISOString()).toMatch(/T03:41:00\.000Z$/);

    const before = await countOf(team);
    expect((await api.patch("/v1/retention", { days: 10 }, { key })).body).toEqual({
      masked_paths: [],
      days: 10,
      own_days: 10,
      installation_days: 30,
      updated_at: expect.any(String),
    });
    await purge();
    const after = await countOf(team);
    for (const kind of ["request", "event", "attempt"]) expect(before[kind] - after[kind]).toBe(rows[kind]);
    expect((await countOf(other.team)).request).toBe(1);
  });

  test("keeps what is younger than an event that is still owed, and says so", async () => {
    const { team, key } = await makeTeam();
    await store(team, daysAgo(15));
    await store(team, daysAgo(14), "HOLD");
    await store(team, daysAgo(13));
    const { body: plan } = await api.get("/v1/retention/plan?days=5", { key });
    expect(plan.is_held_back).toBe(true);
    expect(plan.removes.find(({ kind }: { kind: string }) => kind === "event").rows).toBe(1);
    await api.patch("/v1/retention", { days: 5 }, { key });
    await purge();
    expect((await countOf(team)).event).toBe(2);
  });
});

describe("the time of keeping", () => {
  test("is at most the installation's, whole days, and the wrong one says what to do", async () => {
    const { key } = await makeTeam();
    const over = await api.patch("/v1/retention", { days: 31 }, { key });
    expect([over.status, over.body.error.issues]).toEqual([
      422,
      [{ path: "days", message: expect.stringContaining("at most 30") }],
    ]);
    for (const days of [0, -1, 1.5, "7"]) {
      const { status, body } = await api.patch("/v1/retention", { days }, { key });
      expect([status, body.error.issues[0].path]).toEqual([422, "days"]);
    }
    expect((await api.get("/v1/retention/plan?days=31", { key })).status).toBe(422);
    expect((await api.get("/v1/retention", { key })).body).toMatchObject({ days: 30, own_days: null });
  });

  test("is changed by an admin alone, audited, and given back by null", async () => {
    const { team, key } = await makeTeam();
    const reader = await api.makeKey([team], "read");
    expect((await api.patch("/v1/retention", { days: 7 }, { key: reader })).status).toBe(403);
    await api.patch("/v1/retention", { days: 7 }, { key });
    expect((await api.get("/v1/retention", { key: reader })).body).toMatchObject({ days: 7, own_days: 7 });
    await api.patch("/v1/retention", { days: null }, { key });
    expect((await api.get("/v1/retention", { key })).body).toMatchObject({ days: 30, own_days: null });
    const { body } = await api.get("/v1/audit?resource_kind=team&dir=asc", { key });
    expect(body.data).toMatchObject([
      { action: "update", before: { retention_days: null }, after: { retention_days: 7 } },
      { action: "update", before: { retention_days: 7 }, after: { retention_days: null } },
    ]);
  });

  test("stands beside what is kept now", async () => {
    const { team, key } = await makeTeam();
    expect((await api.get("/v1/retention", { key })).body.oldest_at).toBeNull();
    await store(team, daysAgo(4));
    await store(team, NOW - 1_000);
    const { body } = await api.get("/v1/retention", { key });
    expect(body.oldest_at).toBe(new Date(daysAgo(4)).toISOString());
    expect(body.stored.find(({ kind }: { kind: string }) => kind === "request")).toMatchObject({
      rows: 2,
      last_day_rows: 1,
      is_rows_estimated: false,
      is_bytes_estimated: false,
    });
  });
});

describe("what is kept", () => {
  const days = async (key: string) => (await api.get("/v1/retention", { key })).body.by_day;
  const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

  test("is told by day, row by row where a day has few, and of this team alone", async () => {
    const [{ team, key }, other] = [await makeTeam(), await makeTeam()];
    await store(team, daysAgo(9), "DELIVERED", 5_000);
    await store(team, daysAgo(9), "DELIVERED", 1_000);
    await store(team, daysAgo(2));
    await store(other.team, daysAgo(9), "DELIVERED", 90_000);
    const [first, second, ...none] = await days(key);
    expect(none).toEqual([]);
    expect(first).toMatchObject({ date: dateOf(daysAgo(9)), requests: 2, rows: 6 });
    expect(first.bytes).toBeGreaterThan(6_000);
    expect(first.bytes).toBeLessThan(10_000);
    expect(second).toMatchObject({ date: dateOf(daysAgo(2)), requests: 1, rows: 3 });
  });

  test("of a day with many rows follows from its counts and the size of some", async () => {
    const { team, key } = await makeTeam();
    const noon = Math.floor(daysAgo(5) / DAY_MS) * DAY_MS + DAY_MS / 2;
    for (let i = 0; i < 60; i++) await store(team, noon + i, "DELIVERED", 1_000);
    // The metrics know of more than is there: what is read is the first of each quarter of a day.
    await api.pool.query(
      `insert into rollup_day (team_id, bucket, source_id, accepted_count, event_count, attempt_count, rejected_count)
       values ($1, $2, 's', 4000, 4000, 5000, 900)`,
      [team, new Date(Math.floor(noon / DAY_MS) * DAY_MS)],
    );
    const [day] = await days(key);
    expect(day).toMatchObject({ requests: 4_000, rows: 13_000 });
    const { stored } = (await api.get("/v1/retention", { key })).body;
    const request = stored.find(({ kind }: { kind: string }) => kind === "request");
    expect(request).toMatchObject({ rows: 4_000, is_rows_estimated: true, is_bytes_estimated: true });
    expect(request.bytes / 4_000).toBeGreaterThan(1_000);
    expect(request.bytes / 4_000).toBeLessThan(1_600);
  });

  test("agrees with the rows that the door and the lanes have counted since", async () => {
    const { team, key } = await makeTeam();
    for (let i = 0; i < 55; i++) await store(team, NOW - 1_000 - i);
    await api.pool.query(
      "insert into rollup_minute (team_id, bucket, source_id, accepted_count, event_count, attempt_count) values ($1, $2, 's', 70, 71, 72)",
      [team, new Date(NOW - 1_000)],
    );
    const { stored } = (await api.get("/v1/retention", { key })).body;
    const rows = Object.fromEntries(stored.map((one: { kind: string; rows: number }) => [one.kind, one.rows]));
    expect(rows).toEqual({ request: 70, event: 71, attempt: 72, ignored_event: 0 });
    expect(stored.find(({ kind }: { kind: string }) => kind === "request").last_day_rows).toBe(70);
  });

  const asTeam = (app: App) =>
    ({ app, teamId: "tm_none", actor: { kind: "system", id: "test" }, can: EVERYTHING }) as const;
  test("has no disk where the database is elsewhere or its disk hangs, and its room where it is here", async () => {
    const { key } = await makeTeam();
    expect((await api.get("/v1/retention", { key })).body.disk).toBeNull();
    const readAt = (path: string, ask?: Parameters<typeof makeRoomReader>[1]) =>
      readDisk(asTeam({ ...api.app, readDatabaseRoom: makeRoomReader(path, ask) }));
    expect(await readAt("/no/such/directory")).toBeNull();
    const hang = () => new Promise<never>(() => {});
    expect(await readAt(tmpdir(), hang)).toBeNull();
    const disk = await readAt(tmpdir());
    expect(disk?.total_bytes).toBeGreaterThan(disk?.free_bytes ?? 0);
    expect(disk?.full_in_days).toBeNull();
  });
});

test("a list of API keys leaves out the revoked ones where that is asked", async () => {
  const { key } = await makeTeam();
  const made = await api.post("/v1/api-keys", { name: "short-lived" }, { key });
  const names = async (query: string) =>
    (await api.get(`/v1/api-keys?${query}`, { key })).body.data.map(({ name }: { name: string }) => name);
  await api.delete(`/v1/api-keys/${made.body.id}`, { key });
  expect(await names("revoked=false")).toEqual(["test"]);
  expect(await names("revoked=true")).toEqual(["short-lived"]);
  expect(await names("")).toEqual(["short-lived", "test"]);
});

test("a key has a name that is not blank", async () => {
  const { key } = await makeTeam();
  const { status, body } = await api.post("/v1/api-keys", { name: "  " }, { key });
  expect([status, body.error.issues]).toEqual([422, [{ path: "name", message: "Give the key a name." }]]);
  expect((await api.post("/v1/api-keys", { name: " ci " }, { key })).body.name).toBe("ci");
});
