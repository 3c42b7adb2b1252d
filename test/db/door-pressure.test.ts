import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePool } from "#server/database/db.ts";
import { ACCEPT_CONNECTIONS, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeLog } from "#server/process/log.ts";
import { makeProducer } from "#test/support/branch.ts";
import { startSecondDoor } from "#test/support/second-door.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
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
      const late = new Promise((resolve) => setTimeout(resolve, 1_000)).then(() =>
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
