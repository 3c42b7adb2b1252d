import { tmpdir } from "node:os";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { makePool } from "#server/database/db.ts";
import { ACCEPT_CONNECTIONS, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeLog } from "#server/process/log.ts";
import { publish } from "#server/resources/publish.ts";
import { makeProducer } from "#test/support/branch.ts";
import { keepLog } from "#test/support/logged.ts";
import { startSecondDoor } from "#test/support/second-door.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const { log, lines } = keepLog("warn");
let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false, log, databaseDisk: tmpdir() });
});
afterAll(() => world[Symbol.asyncDispose]());

/** A door as the gateway makes it: over a small pool that gives up on a silent database. */
async function startImpatientDoor() {
  const logged: string[] = [];
  const log = makeLog("test", "info", { isTTY: false, write: (line: string) => logged.push(line) });
  const pool = makePool(world.env.databaseUrl, "accepts", ACCEPT_CONNECTIONS, { timeoutMs: PATIENCE_MS });
  const door = await startSecondDoor(world, { pool, log });
  return {
    url: door.url,
    writer: door.writer,
    logged,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await pool.end();
    },
  };
}

/** A database that stands still for everybody who wants to store a request, until it is disposed. */
async function freezeStoring() {
  const client = new Client({ connectionString: world.env.databaseUrl });
  await client.connect();
  await client.query("begin");
  await client.query("lock table request in access exclusive mode");
  return { [Symbol.asyncDispose]: () => client.end() };
}

describe("a database that stands still", () => {
  test("every sender gets a 503 within its patience, never a 2xx, and the door recovers by itself", async () => {
    const { url, post, sourceId } = await makeProducer(world);
    await using second = await startImpatientDoor();
    const target = second.url + new URL(url).pathname;
    const timed = async () => {
      const startedAt = performance.now();
      const answer = await fetch(target, { method: "POST", body: "{}" });
      return {
        status: answer.status,
        retryAfter: answer.headers.get("retry-after"),
        ms: performance.now() - startedAt,
      };
    };
    expect((await timed()).status).toBe(200);
    {
      await using _frozen = await freezeStoring();
      const early = Array.from({ length: 20 }, timed);
      // These come while a batch hangs already and have to wait behind it.
      const late = new Promise((resolve) => setTimeout(resolve, 300)).then(() =>
        Promise.all(Array.from({ length: 20 }, timed)),
      );
      for (const answer of [...(await Promise.all(early)), ...(await late)]) {
        expect(answer).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
        expect(answer.ms).toBeLessThan(PATIENCE_MS + 600);
      }
      expect(second.writer.waiting()).toEqual({ items: 0, bytes: 0 });
      // Strangers decide how many requests come: not one line for each.
      expect(second.logged).toHaveLength(1);
    }
    expect((await timed()).status).toBe(200);
    expect((await post("{}")).status).toBe(200);
    const ids = (await world.requests(sourceId)).map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a Postgres that refuses to store", () => {
  /** Says it to each insert into a table, until it is disposed. */
  async function refuseInserts(table: string, code: string, message: string) {
    await world.pool.query(`create or replace function refuse_${table}() returns trigger language plpgsql as
      $$ begin raise exception '${message}' using errcode = '${code}'; end $$`);
    await world.pool.query(
      `create trigger refuse before insert on ${table} for each row execute function refuse_${table}()`,
    );
    return { [Symbol.asyncDispose]: async () => void (await world.pool.query(`drop trigger refuse on ${table}`)) };
  }

  const ready = async (headers: Record<string, string> = {}) => {
    const answer = await fetch(`${world.doorUrl}/readyz`, { headers });
    return [answer.status, await answer.json()];
  };
  /** The headers of somebody elsewhere. */
  const through = { via: "1.1 proxy" };
  async function withKey() {
    const [key, teamIds] = [newApiKey(), [world.ctx.teamId]];
    const row = apiKeyRow(new Date(), { key, name: "scraper", scope: "read", teamIds, expiresAt: null });
    await world.ctx.app.db.apiKey.create({ data: row });
    return { ...through, authorization: `Bearer ${key}` };
  }
  const measures = async () => {
    const text = await (await fetch(`${world.doorUrl}/metrics`)).text();
    return new Map([...text.matchAll(/^switchyard_(\S+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
  };
  const failedBy = async (cause: string) => (await measures()).get(`door_commits_failed_total{cause="${cause}"}`) ?? 0;

  test("for its disk is full: senders come again, operators read why, and all is well when there is room", async () => {
    const { post, sourceId } = await makeProducer(world);
    const said = 'could not extend file "base/5/16384": No space left on device';
    const before = await measures();
    expect(before.get("database_up")).toBe(1);
    expect(before.get("database_disk_free_bytes")).toBeLessThan(before.get("database_disk_size_bytes") ?? 0);
    expect(before.get('door_commits_failed_total{cause="disk_full"}')).toBe(0);
    let waiting: Promise<Response>;
    {
      await using _full = await refuseInserts("request", "53100", said);
      const answer = await post("{}");
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
      expect(await answer.text()).not.toMatch(/disk|space|53100/i);
      const reason = expect.stringMatching(/^The disk of the database is full: free some space/);
      expect(await ready()).toEqual([503, { ready: false, reason }]);
      expect(await ready(await withKey())).toEqual([503, { ready: false, reason }]);
      const plain = { ready: false, reason: "The database takes nothing for now." };
      expect(await ready(through)).toEqual([503, plain]);
      expect(await ready({ ...through, authorization: `Bearer ${newApiKey()}` })).toEqual([503, plain]);
      expect(await failedBy("disk_full")).toBeGreaterThan(5);
      expect(lines.filter(({ cause }) => cause)).toMatchObject([
        { level: "error", cause: "disk_full", error: said, msg: expect.stringContaining("free some space") },
      ]);
      expect(lines.find(({ msg }) => msg.startsWith("A request was not stored"))).toMatchObject({ error: said });
      const failedBefore = await failedBy("disk_full");
      waiting = post("{}");
      await eventually(
        () => failedBy("disk_full"),
        (failed) => failed > failedBefore,
      );
    }
    expect((await waiting).status).toBe(200);
    expect(await ready()).toEqual([200, { ready: true }]);
    expect(await world.requests(sourceId)).toHaveLength(1);
  });

  test.each([
    ["request", "53200", "no_resources"],
    ["request", "53300", "no_connections"],
    ["request", "25006", "read_only"],
    ["request", "57P03", "restarting"],
    ["source_rate", "53100", "disk_full"],
  ])("at %s with %s: the request waits, and is stored as soon as it can be", async (table, code, cause) => {
    const { post, sourceId } = await makeProducer(world, {
      config: { rate_limit: 1_000, rate_limit_period: "second" },
    });
    const before = await failedBy(cause);
    let waiting: Promise<Response>;
    {
      await using _refusing = await refuseInserts(table, code, "refused");
      waiting = post("{}");
      await eventually(
        () => failedBy(cause),
        (failed) => failed > before,
      );
    }
    expect((await waiting).status).toBe(200);
    expect(await world.requests(sourceId)).toHaveLength(1);
  });

  test("figures that cannot be read from a database that answers are an error in the log, and it is not away", async () => {
    await world.pool.query("alter table dead_letter rename to moved_away");
    const read = await measures();
    await world.pool.query("alter table moved_away rename to dead_letter");
    expect([read.get("database_up"), read.has("live_workers")]).toEqual([1, false]);
    const line = lines.find(({ msg }) => msg.includes("could not be read for /metrics"));
    expect(line).toMatchObject({ level: "error", times: 1, err: { code: "42P01" } });
    expect((await measures()).has("live_workers")).toBe(true);
  });

  test("what a team publishes: its caller hears of an error, and operators read why", async () => {
    const { sourceId } = await makeProducer(world, { type: "PUBLISH" });
    const event = { source: sourceId, type: "order.paid", data: {} };
    const before = await failedBy("no_resources");
    {
      await using _refusing = await refuseInserts("request", "53200", "refused");
      await expect(publish(world.ctx, event)).rejects.toMatchObject({ code: "53200" });
      expect(await failedBy("no_resources")).toBe(before + 1);
      expect(await ready()).toEqual([503, { ready: false, reason: expect.stringContaining("out of memory") }]);
    }
    await publish(world.ctx, event);
    expect(await ready()).toEqual([200, { ready: true }]);
  });
});

test("no other request waits for a large body that is being stored", async () => {
  const { url, sourceId } = await makeProducer(world, {
    config: { auth_type: "API_KEY", auth: { api_key: "key-of-the-owner" }, deduplicate_provider_events: true },
  });
  await using second = await startImpatientDoor();
  const send = (body: string) =>
    fetch(second.url + new URL(url).pathname, { method: "POST", body, headers: { "x-api-key": "key-of-the-owner" } });
  const client = new Client({ connectionString: world.env.databaseUrl });
  await client.connect();
  // Whoever brings the same event waits for the end of this transaction.
  await client.query("begin");
  await client.query(
    "insert into provider_event (team_id, source_id, provider_event_id, request_id, created_at) values ($1, $2, 'e-1', 'req_other', now())",
    [world.ctx.teamId, sourceId],
  );
  const large = send(`{"id":"e-1","text":"${"x".repeat(300_000)}"}`);
  const isLargeStuck = async () =>
    (await world.all("select from pg_stat_activity where wait_event_type = 'Lock' and query like '%provider_event%'"))
      .length;
  await eventually(isLargeStuck, (waiting) => waiting === 1);
  for (let i = 0; i < 5; i++) expect((await send(`{"id":"light-${i}"}`)).status).toBe(200);
  await client.query("rollback");
  expect((await large).status).toBe(200);
  await client.end();
});

describe("evidence of rejected requests", () => {
  test("of a flood each one is counted and a few hundred are kept, with the beginning of its body", async () => {
    const { post, sourceId } = await makeProducer(world, {
      config: { auth_type: "API_KEY", auth: { api_key: "right", header: "x-api-key" } },
    });
    // The cap is per minute: what falls into two minutes is judged twice.
    const minutes = new Set([Math.floor(Date.now() / 60_000)]);
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => post("e".repeat(20_000), { "x-api-key": "w" })),
      );
      expect(answers.every(({ status }) => status === 401)).toBe(true);
      minutes.add(Math.floor(Date.now() / 60_000));
    }
    expect((await post("{}", { "x-api-key": "right" })).status).toBe(200);
    const rows = await world.requests(sourceId);
    const rejected = rows.filter((row) => row.status === "rejected");
    expect(rejected.length).toBeGreaterThanOrEqual(300);
    expect(rejected.length).toBeLessThanOrEqual(300 * minutes.size);
    expect(rejected[0]).toMatchObject({
      body_bytes: 20_000,
      body: Buffer.from("e".repeat(4_096)),
      rejection_detail: expect.stringContaining("4096 of 20000 bytes of the body"),
    });
    const [counted] = await world.all(
      `select sum(rejected_count)::int as rejected, sum(signature_failure_count)::int as failures, sum(accepted_count)::int as accepted
       from rollup_minute where source_id = $1`,
      [sourceId],
    );
    expect(counted).toEqual({ rejected: 1_000, failures: 1_000, accepted: 1 });
  });
});
