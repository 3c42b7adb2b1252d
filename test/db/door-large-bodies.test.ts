// The memory of a large body is given back as soon as it is stored. Nothing of it may be missing in the table, whatever went wrong.
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePool } from "#server/database/db.ts";
import { ACCEPT_CONNECTIONS, PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeLog } from "#server/process/log.ts";
import { makeSpoolingWriter } from "#server/spool/spooling-writer.ts";
import { makeProducer } from "#test/support/branch.ts";
import { startSecondDoor } from "#test/support/second-door.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const KIB = 1024;
let world: World;
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Hashes of the bodies that are stored of a source, in an order of their own. */
async function storedHashes(sourceId: string): Promise<string[]> {
  const { rows } = await world.pool.query<{ hash: string }>(
    "select encode(sha256(body), 'hex') as hash from request where source_id = $1 and length(body) = body_bytes",
    [sourceId],
  );
  return rows.map(({ hash }) => hash).sort();
}

/** Sends a body in pieces of odd sizes, without a word of its length. Returns the status of the answer. */
function postInPieces(url: string, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", agent: false }, (incoming) => {
      incoming.resume();
      incoming.on("end", () => resolve(incoming.statusCode));
    });
    outgoing.on("error", reject);
    for (let at = 0; at < body.length; at += 77_777) outgoing.write(body.subarray(at, at + 77_777));
    outgoing.end();
  });
}

test("large bodies that come at once are stored to their last byte, declared, in pieces and compressed", async () => {
  const { url, post, sourceId } = await makeProducer(world, { config: { body_limit_bytes: 10 * 1024 * KIB } });
  const sizes = [15, 16, 17, 63, 64, 65, 128, 255, 257, 1024, 3000, 5000, 9000];
  const bodies = sizes.map((kib) => randomBytes(kib * KIB + (kib % 7)));
  const zipped = gzipSync(Buffer.alloc(30 * 1024 * KIB, randomBytes(10 * KIB)));
  const answers = await Promise.all([
    ...bodies.map(async (body) => (await post(body as Buffer<ArrayBuffer>)).status),
    ...bodies.map((body) => postInPieces(url, body)),
    // It gives more than is read, so that reading it ends early.
    post(zipped as Buffer<ArrayBuffer>, { "content-encoding": "gzip" }).then(({ status }) => status),
  ]);
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await storedHashes(sourceId)).toEqual([...bodies, ...bodies, zipped].map(hashOf).sort());
});

test("the kept part of a large body that was refused is what came", async () => {
  const { post, sourceId } = await makeProducer(world, {
    config: { auth_type: "API_KEY", auth: { api_key: "the-key-of-this-source" } },
  });
  const body = randomBytes(2048 * KIB);
  expect((await post(body as Buffer<ArrayBuffer>)).status).toBe(401);
  const { rows } = await world.pool.query("select body, body_bytes from request where source_id = $1", [sourceId]);
  expect(rows[0]?.body_bytes).toBe(body.length);
  expect(rows[0]?.body.equals(body.subarray(0, 4096))).toBe(true);
});

test("a large body whose sender was told to try again is whole where it is stored after all", async () => {
  const { url, sourceId } = await makeProducer(world);
  // Its statement waits for longer than its sender does.
  const pool = makePool(world.env.databaseUrl, "accepts", ACCEPT_CONNECTIONS, { timeoutMs: 3 * PATIENCE_MS });
  await using _ended = { [Symbol.asyncDispose]: () => pool.end() };
  await using door = await startSecondDoor(world, { pool });
  const bodies = [randomBytes(900 * KIB), randomBytes(100 * KIB)];
  const client = new Client({ connectionString: world.env.databaseUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("lock table request in access exclusive mode");
    const target = door.url + new URL(url).pathname;
    const statuses = bodies.map(
      async (body) => (await fetch(target, { method: "POST", body: body as Buffer<ArrayBuffer> })).status,
    );
    expect(await Promise.all(statuses)).toEqual([503, 503]);
  } finally {
    await client.end();
  }
  const stored = await eventually(
    () => storedHashes(sourceId),
    ({ length }) => length === bodies.length,
  );
  expect(stored).toEqual(bodies.map(hashOf).sort());
});

test("a large body that a spool took first is whole where the database stores it after all", async () => {
  const { url, sourceId } = await makeProducer(world);
  const pool = makePool(world.env.databaseUrl, "spooled", ACCEPT_CONNECTIONS, { timeoutMs: 3 * PATIENCE_MS });
  await using _ended = { [Symbol.asyncDispose]: () => pool.end() };
  const log = makeLog("test", "silent");
  const put = async () => {};
  await using door = await startSecondDoor(world, { pool, over: (writer) => makeSpoolingWriter({ writer, put, log }) });
  const body = randomBytes(900 * KIB);
  const client = new Client({ connectionString: world.env.databaseUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("lock table request in access exclusive mode");
    const target = door.url + new URL(url).pathname;
    expect((await fetch(target, { method: "POST", body })).status).toBe(200);
    // The statement that waits fails, and its bytes are made anew.
    const { rowCount } = await world.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(rowCount).toBe(1);
  } finally {
    await client.end();
  }
  const stored = await eventually(
    async () => (await world.pool.query("select body from request where source_id = $1", [sourceId])).rows,
    ({ length }) => length === 1,
  );
  expect(hashOf(stored[0]?.body)).toBe(hashOf(body));
});
