// A backup is what the database was at one moment while it was written to, comes back row by row, or not at all.
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyAuditLog } from "#server/auth/audit-chain.ts";
import { beginBackup } from "#server/backup/write-backup.ts";
import { backUp, checkFile, keyIn, restoreFrom } from "#server/cli/backup-commands.ts";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Queryable } from "#server/database/db.ts";
import { masterKeyOf } from "#server/database/master-key.ts";
import { migrate } from "#server/database/migrate.ts";
import { PrimaryClient } from "#server/database/primary-client.ts";
import { correctBranchCounts, foldBranchCounts } from "#server/events/branch-counts.sql.ts";
import { makeLog } from "#server/process/log.ts";
import { pauseConnection, unpauseConnection } from "#server/resources/connections.ts";
import { createDestination } from "#server/resources/destinations.ts";
import { createSource } from "#server/resources/sources.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { createEmptyDatabase, someoneWaits, type TestDatabase } from "#test/support/database.ts";
import { objectsIn, sums, withPool } from "#test/support/database-contents.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const PASSPHRASE = "correct horse battery";
const STRANGE = "a secret of nobody's, of thirty-two characters and more too";

let directory: string;
let world: World;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "switchyard-backup-"));
  world = await createWorld({ withWorker: false });
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const MADE = { fingerprint: null, key: null, version: "1" };
const SURROUNDINGS = { passphrase: async () => PASSPHRASE, say: () => {} };
const backup = (name: string, options: { withKey?: boolean; url?: string } = {}) =>
  backUp(
    options.url ?? world.env.databaseUrl,
    { to: join(directory, name), withKey: options.withKey ?? false, secret: world.env.secret },
    SURROUNDINGS,
  );
const restore = (name: string, database: TestDatabase, env: object = {}) =>
  restoreFrom(join(directory, name), { ...world.env, databaseUrl: database.url, ...env }, SURROUNDINGS);

test("what was written while a backup was made is in it as of one moment, and goes on where it was once it is restored", async () => {
  await using receiver = await startReceiver();
  const source = await createSource(world.ctx, {
    name: "signed",
    config: { auth_type: "API_KEY", auth: { header: "x-key", api_key: "0123456789abcdef" } },
  });
  const destination = await createDestination(world.ctx, { name: "to", config: { url: receiver.url } });
  const ends = { source_id: source.id, destination_id: destination.id };
  const { id } = await world.connect({ name: "way", ...ends });
  const held = await world.connect({ name: "held", ...ends });
  await world.connect({ name: "later", rules: [{ type: "delay", delay: 1_000 }], ...ends });
  await pauseConnection(world.ctx, { id: held.id });
  const accept = async (n: number) => {
    const { status } = await fetch(world.ingestUrl(source), {
      method: "POST",
      headers: { "x-key": "0123456789abcdef" },
      body: `{"n":${n}}`,
    });
    expect(status).toBe(200);
  };
  const send = async (n: number) => {
    await accept(n);
    await world.route();
  };
  for (let n = 0; n < 10; n++) await send(n);
  await accept(10);
  // A worker is at it all for the next hour, and has a job to do.
  await world.all("update hand_off set claimed_until = now() + interval '1 hour', claimed_by = 'wrk_gone'");
  await world.all(
    "insert into lane (destination_id, holder, token, lease_expires_at) values ($1, 'wrk_gone', 7, now() + interval '1 hour')",
    [destination.id],
  );
  await world.all(
    "select graphile_worker.add_job('of-another-version', '{\"a\":1}', job_key => 'kept', priority => 3)",
  );

  const client = new PrimaryClient({ connectionString: world.env.databaseUrl });
  await client.connect();
  const { bytes } = await beginBackup(client, { ...MADE, fingerprint: fingerprintOf(world.env.secret) });
  const { rows } = await client.query("select pg_export_snapshot() as id");
  const before = await withPool(world.env.databaseUrl, async (db) => {
    await db.query(`begin isolation level repeatable read; set transaction snapshot '${rows[0].id}'`);
    return sums(db);
  });
  for (let n = 11; n < 16; n++) await send(n);
  await writeFile(join(directory, "loaded"), bytes);
  await client.end();
  expect(await sums(world.pool)).not.toEqual(before);

  await using database = await createEmptyDatabase();
  expect(await restore("loaded", database)).toContain("What was waiting then is delivered");
  const freed = { lane: expect.anything(), hand_off: expect.anything() };
  expect(await withPool(database.url, sums)).toEqual({ ...before, ...freed });
  await using restored = await createWorld({ databaseUrl: database.url, log: makeLog("test", "silent") });
  await eventually(
    () => restored.all<{ status: string }>("select status from event where connection_id <> $1", [held.id]),
    (events) => events.length === 22 && events.every(({ status }) => status === "DELIVERED"),
  );
  expect((await restored.events(held.id)).map(({ status }) => status)).toEqual(Array(11).fill("HOLD"));
  await unpauseConnection(restored.ctx, { id: held.id });
  await eventually(
    () => restored.events(held.id),
    (events) => events.every(({ status }) => status === "DELIVERED"),
  );
  const delivered = receiver.receipts.map(({ headers }) => headers["webhook-id"]);
  expect([delivered.length, new Set(delivered).size]).toEqual([33, 33]);
  expect(await restored.events(id)).toHaveLength(11);
  await foldBranchCounts(restored.pool);
  expect(await correctBranchCounts(restored.pool)).toEqual([]);
  const jobs = `select t.identifier, j.payload, j.priority from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where j.key = 'kept'`;
  expect(await restored.all(jobs)).toEqual([{ identifier: "of-another-version", payload: { a: 1 }, priority: 3 }]);
  // Rows that come after it get numbers of their own, and the chain of the audit log goes on.
  await createSource(restored.ctx, { name: "after" });
  expect(await verifyAuditLog(restored.ctx.app.db, restored.ctx.teamId)).toMatchObject({ kind: "whole" });
}, 60_000);

test("a file that was changed or cut off anywhere is refused, and leaves the database as it was", async () => {
  await backup("whole");
  const bytes = await readFile(join(directory, "whole"));
  await using database = await createEmptyDatabase();
  const headEnd = bytes.indexOf("\n", bytes.indexOf("\n", 30) + 1) + 1;
  const places = [
    0,
    25,
    headEnd - 2,
    headEnd + 1,
    headEnd + 4,
    headEnd + 9,
    bytes.length >> 1,
    bytes.length - 25,
    bytes.length - 1,
  ];
  const file = join(directory, "changed");
  const refused =
    /^The backup is damaged or was cut off, and nothing of it was restored: take another one.$|is no backup of Switchyard/;
  for (const at of places) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 4;
    for (const bad of [
      changed,
      bytes.subarray(0, at),
      Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
    ]) {
      await writeFile(file, bad);
      await expect(checkFile(file)).rejects.toThrow(refused);
    }
  }
  await writeFile(file, Buffer.concat([bytes, bytes]));
  await expect(restore("changed", database)).rejects.toThrow(refused);
  expect(await objectsIn(database.url)).toEqual([]);
  expect(await checkFile(join(directory, "whole"))).toMatch(/is whole: \d+ rows of \d+ tables/);
  await withPool(database.url, async (db) => {
    // The name is taken that a late migration gives to a table: Postgres ends what was restored by then.
    await db.query("create domain flow_resource as text");
    await expect(restore("whole", database)).rejects.toThrow("flow_resource");
    await db.query("drop domain flow_resource");
  });
  expect(await objectsIn(database.url)).toEqual([]);
  await restore("whole", database, { secret: STRANGE, otherSecret: world.env.secret });
  await expect(restore("whole", database)).rejects.toThrow("The database is not empty: it has the table");
  await expect(backup("whole")).rejects.toThrow("is there already");
  expect(await readFile(join(directory, "whole"))).toEqual(bytes);
  await expect(backup("nowhere/at/all")).rejects.toThrow("cannot be written (ENOENT)");
  await expect(restore("nowhere", database)).rejects.toThrow("cannot be read (ENOENT)");
});

test("the key is in the file only when it is asked for, and opens with the passphrase alone", async () => {
  expect(await backup("without")).toContain("WITHOUT THE KEY");
  expect(await backup("with", { withKey: true })).toContain("WITH THE KEY: SWITCHYARD_SECRET");
  const file = (name: string) => join(directory, name);
  for (const name of ["with", "without"]) expect((await readFile(file(name))).includes(world.env.secret)).toBe(false);
  expect((await stat(file("with"))).mode & 0o777).toBe(0o600);
  expect((await readdir(directory)).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(await keyIn(file("with"), SURROUNDINGS)).toBe(world.env.secret);
  await expect(
    keyIn(file("with"), { ...SURROUNDINGS, passphrase: async () => "incorrect horse battery" }),
  ).rejects.toThrow("does not open");
  await expect(keyIn(file("without"), SURROUNDINGS)).rejects.toThrow("without the key");
  await using database = await createEmptyDatabase();
  await expect(restore("with", database, { secret: STRANGE })).rejects.toThrow(
    `its fingerprint is ${fingerprintOf(world.env.secret)}, that of the one given is ${fingerprintOf(STRANGE)}`,
  );
});

test("a backup of an older version is migrated to this one, and one of a newer version is refused", async () => {
  const all = join(PROJECT_ROOT, "prisma", "migrations");
  const names = (await readdir(all)).filter((name) => /^\d+_/.test(name)).sort();
  const older = join(directory, "migrations");
  await mkdir(older);
  const first = names.slice(0, 12);
  for (const name of first) await cp(join(all, name), join(older, name), { recursive: true });
  await using before = await createEmptyDatabase();
  await migrate(before.url, { directory: older });
  const insert = `insert into team (id, name) values ('tm_old', 'from before');
    insert into rollup_minute (team_id, bucket, source_id, connection_id, destination_id) values ('tm_old', now(), 'src_a', '', '')`;
  await withPool(before.url, (db) =>
    db.query(`${insert}; create table "notes ""of"" an operator's\u001b" (id serial)`),
  );
  await withPool(before.url, async (db) =>
    expect((await db.query("select to_regclass('master_key') as t")).rows[0].t).toBe(null),
  );
  await backup("older", { url: before.url });
  await using database = await createEmptyDatabase();
  const said = await restore("older", database);
  expect(said).toContain(`Migrated to this version: ${names.slice(12).join(", ")}.`);
  expect(said).toContain(`Left out, since they are none of Switchyard's: notes "of" an operator's\\u001b.`);
  expect(await migrate(database.url)).toEqual([]);
  await withPool(database.url, async (db) => {
    expect((await db.query("select name from team")).rows).toEqual([{ name: "from before" }]);
    expect((await db.query("select source_id from rollup_minute")).rows).toEqual([{ source_id: "src_a" }]);
  });
  await withPool(before.url, (db) => db.query("alter table team add column of_an_operator text"));
  await backup("wider", { url: before.url });
  await using empty = await createEmptyDatabase();
  await withPool(empty.url, (db) => db.query("create function of_an_operator() returns int return 1"));
  await expect(restore("wider", empty)).rejects.toThrow(
    "The table team in the backup has columns that no migration has made, and nothing of it was restored: of_an_operator.",
  );
  expect(await objectsIn(empty.url)).toEqual(["of_an_operator"]);
  const open = await Promise.all(
    (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
  );
  expect(open).not.toContain(join(directory, "wider"));
  await withPool(before.url, (db) =>
    db.query(
      "update _prisma_migrations set migration_name = '20990101000000_to_come' where migration_name like '%init'",
    ),
  );
  await backup("newer", { url: before.url });
  await expect(restore("newer", empty)).rejects.toThrow("newer than this code");
});

test("a backup holds up no start that has nothing to migrate, and waits for no migration", async () => {
  const client = new PrimaryClient({ connectionString: world.env.databaseUrl });
  await client.connect();
  const { bytes } = await beginBackup(client, MADE);
  await bytes.next();
  expect(await migrate(world.env.databaseUrl)).toEqual([]);
  const ended = once(client, "end");
  await client.end();
  await ended;
  const migrating = new PrimaryClient({ connectionString: world.env.databaseUrl });
  await migrating.connect();
  await migrating.query("select pg_advisory_lock(72707369)");
  await expect(backup("meanwhile")).rejects.toThrow("The tables are being migrated");
  await migrating.end();
});

test("nobody starts over what a restore has left that was broken off, and the next one clears it away", async () => {
  await backup("broken off");
  await using database = await createEmptyDatabase();
  await withPool(database.url, async (db) => {
    await db.query(`select pg_advisory_lock(${ADVISORY_LOCKS.partitions})`);
    const broken = restore("broken off", database);
    broken.catch(() => undefined);
    await someoneWaits(db);
    await db.query("select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory' and not granted");
    await expect(broken).rejects.toThrow(
      "The database went away during the restore: when it is back, restore once more",
    );
  });
  expect(await objectsIn(database.url)).toContain("team");
  const unfinished = "A restore into this database still runs, or was broken off: wait for its end, or run";
  await expect(migrate(database.url)).rejects.toThrow(unfinished);
  await expect(backup("of a half", { url: database.url })).rejects.toThrow(unfinished);
  const askKey = (db: Queryable) => masterKeyOf(async (sql) => (await db.query(sql)).rows);
  await expect(withPool(database.url, askKey)).rejects.toThrow(unfinished);
  await withPool(database.url, (db) => db.query("create table of_an_operator ()"));
  await expect(restore("broken off", database)).rejects.toThrow("not empty: it has the table of_an_operator");
  await withPool(database.url, (db) => db.query("drop table of_an_operator"));
  expect(await objectsIn(database.url)).toEqual([]);
  await restore("broken off", database);
  expect(await migrate(database.url)).toEqual([]);
});

test("a database that goes away while a backup is made is a sentence", async () => {
  const client = new PrimaryClient({ connectionString: world.env.databaseUrl });
  await client.connect();
  const { rows } = await client.query("select pg_backend_pid() as pid");
  const { bytes } = await beginBackup(client, MADE);
  await bytes.next();
  await world.all("select pg_terminate_backend($1, 10000)", [rows[0].pid]);
  await expect(writeFile(join(directory, "away"), bytes)).rejects.toThrow(
    "The database went away during the backup: try again",
  );
  await client.end().catch(() => undefined);
});
