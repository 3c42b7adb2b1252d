// What becomes of a connection that breaks, or hangs, while somebody holds it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, makePool, type Pool } from "#server/database/db.ts";
import { listen } from "#server/database/listen.ts";
import { endLostAnswers } from "#server/database/lost-answers.ts";
import { makePrisma } from "#server/database/prisma.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { startFaultProxy } from "#test/chaos/fault-proxy.ts";
import { targetOf, throughPort } from "#test/chaos/postgres-target.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";

let database: TestDatabase;
let pool: Pool;
let other: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = makePool(database.url, "test", 1);
  other = makePool(database.url, "test", 1);
});
afterAll(async () => {
  await Promise.all([pool.end(), other.end()]);
  await database[Symbol.asyncDispose]();
});

const breakConnection = (pid: number) => other.query("select pg_terminate_backend($1, 5000)", [pid]);

// An error that a client emits with nobody listening ends the process, and fails this file.
describe("a transaction whose connection breaks", () => {
  test("between two statements is rejected as a database that is away, and the next one runs", async () => {
    const failure = inTransaction(pool, async (client) => {
      const { rows } = await client.query("select pg_backend_pid() as pid");
      await breakConnection(rows[0].pid);
      await client.query("select 1");
    });
    expect(isDatabaseAway(await failure.catch((error: unknown) => error))).toBe(true);
    expect(await inTransaction(pool, async (client) => (await client.query("select 1")).rowCount)).toBe(1);
  });

  test("under a statement is rejected as a database that is away, and the next one runs", async () => {
    const failure = inTransaction(pool, async (client) => {
      const { rows } = await client.query("select pg_backend_pid() as pid");
      await Promise.all([client.query("select pg_sleep(30)"), breakConnection(rows[0].pid)]);
    });
    expect(isDatabaseAway(await failure.catch((error: unknown) => error))).toBe(true);
    expect(await inTransaction(pool, async (client) => (await client.query("select 1")).rowCount)).toBe(1);
  });
});

describe("a connection that may only read", () => {
  const readOnly = "set transaction read only";
  const write = "create table never_made ()";

  test("is left by a transaction that was to write, which is rejected as a database that is away", async () => {
    const pids: number[] = [];
    const failure = inTransaction(pool, async (client) => {
      pids.push((await client.query("select pg_backend_pid() as pid")).rows[0].pid);
      await client.query(readOnly);
      await client.query(write);
    });
    const error = await failure.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "25006" });
    expect(isDatabaseAway(error)).toBe(true);
    expect(pids).not.toContain((await pool.query("select pg_backend_pid() as pid")).rows[0].pid);
  });

  test("is left by Prisma too", async () => {
    const db = makePrisma(database.url, 1);
    const readPid = () => db.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const [first] = await readPid();
    const failure = db.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(readOnly);
      await tx.$executeRawUnsafe(write);
    });
    await expect(failure).rejects.toThrow("25006");
    expect(await readPid()).not.toEqual([first]);
    await db.$disconnect();
  });
});

describe("a pool with a time limit", () => {
  test("ends a connection whose statement takes longer, and the next one runs", async () => {
    const impatient = makePool(database.url, "impatient", 1, { timeoutMs: 500 });
    const failure = impatient.query("select pg_sleep(30)");
    expect(isDatabaseAway(await failure.catch((error: unknown) => error))).toBe(true);
    expect((await impatient.query("select 1")).rowCount).toBe(1);
    await impatient.end();
  });

  test("leaves a connection alone that is used for longer by statements that are not", async () => {
    const impatient = makePool(database.url, "impatient", 1, { timeoutMs: 500 });
    const pids = new Set<number>();
    const startedAtMs = performance.now();
    while (performance.now() - startedAtMs < 1_200) {
      const { rows } = await impatient.query("select pg_backend_pid() as pid, pg_sleep(0.01)");
      pids.add(rows[0].pid);
    }
    expect(pids.size).toBe(1);
    await impatient.end();
  });
});

const ANSWERS = 12;

describe("an answer that never comes", () => {
  test("fails its statement as a database that is away, and the next one runs; a long statement is left alone", async () => {
    await using proxy = await startFaultProxy(() => targetOf(database.url));
    const silent = makePool(throughPort(database.url, proxy.port), "silent", 2, { probeAfterMs: 400 });
    const long = silent.query("select pg_sleep(1.5)");
    // On a busy machine its connection may still be under way, and would be cut off with the other one.
    const sleeps = "select from pg_stat_activity where state = 'active' and query = 'select pg_sleep(1.5)'";
    await expect.poll(async () => (await silent.query(sleeps)).rowCount).toBe(1);
    proxy.set({ kind: "half-open" });
    const lost = silent.query("select 1").catch((error: unknown) => error);
    // What was open stays dead; what is opened from now on is well.
    await expect.poll(() => proxy.swallowedCount()).toBeGreaterThan(0);
    proxy.heal();
    expect(isDatabaseAway(await lost)).toBe(true);
    expect((await silent.query("select 1")).rowCount).toBe(1);
    expect((await long).rowCount).toBe(1);
    await silent.end();
  });

  test("is not supposed of one that is on its way", async () => {
    await using proxy = await startFaultProxy(() => targetOf(database.url));
    const far = makePool(throughPort(database.url, proxy.port), "far", ANSWERS);
    endLostAnswers(far, database.url, 600);
    await Promise.all(Array.from({ length: ANSWERS }, () => far.query("select pg_sleep(0.1)")));
    proxy.set({ kind: "delay", ms: 25 });
    // At whatever moment Postgres is asked, it has just given one of them.
    const asked = Array.from({ length: ANSWERS }, (_, i) => far.query("select pg_sleep($1)", [0.6 + i * 0.02]));
    expect((await Promise.all(asked)).map(({ rowCount }) => rowCount)).toEqual(asked.map(() => 1));
    await far.end();
  });

  test("is not supposed where Postgres does not say what its sessions do", async () => {
    const settings = "-c track_activities=off";
    const untold = makePool(database.url, "untold", 1, { probeAfterMs: 200, settings });
    expect((await untold.query("select pg_sleep(0.6)")).rowCount).toBe(1);
    await untold.end();
  });
});

test("whoever listens over a connection that has gone silent listens again over another one", async () => {
  await using proxy = await startFaultProxy(() => targetOf(database.url));
  const heard: string[] = [];
  let connects = 0;
  const stop = listen({
    ...{ databaseUrl: throughPort(database.url, proxy.port), channel: "silence", beatMs: 100 },
    onNotice: (payload) => heard.push(payload),
    onConnect: () => connects++,
  });
  await expect.poll(() => connects).toBe(1);
  proxy.set({ kind: "deaf" });
  await pool.query("notify silence, 'lost'");
  await expect.poll(() => proxy.swallowedCount()).toBe(1);
  // What was open stays dead; what is opened from now on is well.
  proxy.heal();
  await expect.poll(() => connects, { timeout: 5_000 }).toBe(2);
  await pool.query("notify silence, 'heard'");
  await expect.poll(() => heard).toEqual(["heard"]);
  await stop();
});
