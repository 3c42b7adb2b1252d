// A backup is what the database was at one moment while it was written to, comes back row by row, or not at all.
import { once } from "node:events";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createZstdCompress } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listTables } from "#server/backup/tables.sql.ts";
import { beginBackup } from "#server/backup/write-backup.ts";
import { backUp, keyIn, restoreFrom } from "#server/cli/backup-commands.ts";
import { fingerprintOf } from "#server/crypto/secrets.ts";
import { makePool, type Queryable } from "#server/database/db.ts";
import { migrate } from "#server/database/migrate.ts";
import { PrimaryClient } from "#server/database/primary-client.ts";
import { createDestination } from "#server/resources/destinations.ts";
import { createSource } from "#server/resources/sources.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { createEmptyDatabase, type TestDatabase } from "#test/support/database.ts";
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

const passphrase = async () => PASSPHRASE;
const backup = (name: string, options: { withKey?: boolean; url?: string } = {}) =>
  backUp(options.url ?? world.env.databaseUrl, {
    ...{ to: join(directory, name), withKey: options.withKey, withoutKey: undefined },
    ...{ secret: world.env.secret, passphrase, now: new Date() },
  });
const restore = (name: string, database: TestDatabase, env: object = {}) =>
  restoreFrom(join(directory, name), { env: { ...world.env, databaseUrl: database.url, ...env }, passphrase });

async function withPool<T>(url: string, work: (db: Queryable) => Promise<T>): Promise<T> {
  const pool = makePool(url, "test", 1);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** The number of rows of each table, and a sum over all that is in them. */
async function sums(db: Queryable): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name } of await listTables(db)) {
    const { rows } = await db.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from "${name}" t`,
    );
    found[name] = rows[0].sum;
  }
  return found;
}

test("what was written while a backup was made is in it as of one moment, and waits for delivery once it is restored", async () => {
  await using receiver = await startReceiver();
  const source = await createSource(world.ctx, {
    name: "signed",
    config: { auth_type: "API_KEY", auth: { header: "x-key", api_key: "0123456789abcdef" } },
  });
  const destination = await createDestination(world.ctx, { name: "to", config: { url: receiver.url } });
  const { id } = await world.connect({ name: "way", source_id: source.id, destination_id: destination.id });
  const send = async (n: number) => {
    const { status } = await fetch(world.ingestUrl(source), {
      method: "POST",
      headers: { "x-key": "0123456789abcdef" },
      body: `{"n":${n}}`,
    });
    expect(status).toBe(200);
    await world.route();
  };
  for (let n = 0; n < 20; n++) await send(n);
  await world.all("select graphile_worker.add_job('release-held', '{\"a\":1}', job_key => 'kept', priority => 3)");

  const client = new PrimaryClient({ connectionString: world.env.databaseUrl });
  await client.connect();
  const plan = await beginBackup(client, { fingerprint: fingerprintOf(world.env.secret), key: null, now: new Date() });
  const { rows } = await client.query("select pg_export_snapshot() as id");
  const before = await withPool(world.env.databaseUrl, async (db) => {
    await db.query(`begin isolation level repeatable read; set transaction snapshot '${rows[0].id}'`);
    return sums(db);
  });
  let isOver = false;
  const load = (async () => {
    for (let n = 20; !isOver; n++) await send(n);
  })();
  const pieces: Buffer[] = [];
  for await (const piece of plan.bytes) {
    pieces.push(piece);
    if (pieces.length % 20 === 0) await new Promise(setImmediate);
  }
  isOver = true;
  await load;
  await client.end();
  const packed = await buffer(Readable.from(pieces).pipe(createZstdCompress()));
  await writeFile(join(directory, "loaded"), Buffer.concat([plan.head, packed]));

  await using database = await createEmptyDatabase();
  expect(await restore("loaded", database)).toContain("What was waiting then is delivered");
  expect(await withPool(database.url, sums)).toEqual(before);
  expect(await sums(world.pool)).not.toEqual(before);
  const jobs =
    "select identifier, payload, priority, key from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = task_id where key = 'kept'";
  expect(await withPool(database.url, async (db) => (await db.query(jobs)).rows)).toEqual([
    { identifier: "release-held", payload: { a: 1 }, priority: 3, key: "kept" },
  ]);

  const waiting = await withPool(
    database.url,
    async (db) => (await db.query("select count(*)::int as n from event")).rows[0].n,
  );
  expect(waiting).toBeGreaterThanOrEqual(20);
  await using restored = await createWorld({ databaseUrl: database.url });
  await eventually(
    () => restored.events(id),
    (events) => events.length === waiting && events.every(({ status }) => status === "DELIVERED"),
  );
  expect(new Set(receiver.receipts.map(({ headers }) => headers["webhook-id"])).size).toBe(waiting);
  // Rows that come after it get numbers of their own, and the chain of the audit log goes on.
  await createSource(restored.ctx, { name: "after" });
}, 60_000);

test("a file that was changed or cut off anywhere is refused, and leaves the database as it was", async () => {
  await backup("whole");
  const bytes = await readFile(join(directory, "whole"));
  await using database = await createEmptyDatabase();
  const tables = () =>
    withPool(
      database.url,
      async (db) => (await db.query("select from pg_class where relnamespace = 'public'::regnamespace")).rowCount,
    );
  const headEnd = bytes.indexOf("\n", 30);
  const cases = [40, headEnd + 20, Math.floor(bytes.length / 2), bytes.length - 5];
  for (const at of cases) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 4;
    await writeFile(join(directory, "changed"), changed);
    await expect(restore("changed", database)).rejects.toMatchObject({
      name: expect.stringMatching(/AppError|MigrationError/),
    });
    await copyFile(join(directory, "whole"), join(directory, "cut"));
    await truncate(join(directory, "cut"), at);
    await expect(restore("cut", database)).rejects.toThrow("The backup is damaged or was cut off");
    expect(await tables()).toBe(0);
  }
  await restore("whole", database);
  expect(await withPool(database.url, sums)).toEqual(await sums(world.pool));
  await expect(restore("whole", database)).rejects.toThrow("The database is not empty: it has the table");
  await expect(backup("whole")).rejects.toThrow("is there already");
});

test("the key is in the file only when it is asked for, and opens with the passphrase alone", async () => {
  expect(await backup("without")).toContain("WITHOUT THE KEY");
  expect(await backup("with", { withKey: true })).toContain("sealed with the passphrase");
  const file = (name: string) => join(directory, name);
  for (const name of ["with", "without"]) expect((await readFile(file(name))).includes(world.env.secret)).toBe(false);
  expect((await stat(file("with"))).mode & 0o777).toBe(0o600);
  expect((await readdir(directory)).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(await keyIn(file("with"), passphrase)).toBe(world.env.secret);
  await expect(keyIn(file("with"), async () => "incorrect horse battery")).rejects.toThrow("does not open");
  await expect(keyIn(file("without"), passphrase)).rejects.toThrow("without the key");
  await using database = await createEmptyDatabase();
  await expect(restore("with", database, { secret: STRANGE })).rejects.toThrow(
    `its fingerprint is ${fingerprintOf(world.env.secret)}, that of the one given is ${fingerprintOf(STRANGE)}`,
  );
  await restore("with", database, { secret: STRANGE, otherSecret: world.env.secret });
});

test("a backup of an older version is migrated to this one, and one of a newer version is refused", async () => {
  const all = join(PROJECT_ROOT, "prisma", "migrations");
  const names = (await readdir(all)).filter((name) => /^\d+_/.test(name)).sort();
  const older = join(directory, "migrations");
  await mkdir(older);
  const first = names.slice(0, 12);
  for (const name of first) await cp(join(all, name), join(older, name), { recursive: true });
  await using before = await createEmptyDatabase();
  await migrate(before.url, older);
  const insert = `insert into team (id, name) values ('tm_old', 'from before');
    insert into rollup_minute (team_id, bucket, source_id, connection_id, destination_id) values ('tm_old', now(), 'src_a', '', '')`;
  await withPool(before.url, (db) => db.query(insert));
  await withPool(before.url, async (db) =>
    expect((await db.query("select to_regclass('master_key') as t")).rows[0].t).toBe(null),
  );
  await backup("older", { url: before.url });
  await using database = await createEmptyDatabase();
  expect(await restore("older", database)).toContain(`Migrated to this version: ${names.slice(12).join(", ")}.`);
  expect(await migrate(database.url)).toEqual([]);
  await withPool(database.url, async (db) => {
    expect((await db.query("select name from team")).rows).toEqual([{ name: "from before" }]);
    expect((await db.query("select source_id from rollup_minute")).rows).toEqual([{ source_id: "src_a" }]);
  });
  await withPool(before.url, (db) =>
    db.query(
      "update _prisma_migrations set migration_name = '20990101000000_to_come' where migration_name like '%init'",
    ),
  );
  await backup("newer", { url: before.url });
  await using empty = await createEmptyDatabase();
  await expect(restore("newer", empty)).rejects.toThrow("newer than this code");
});

test("a backup holds up no start that has nothing to migrate, and waits for no migration", async () => {
  const client = new PrimaryClient({ connectionString: world.env.databaseUrl });
  await client.connect();
  const { bytes } = await beginBackup(client, { fingerprint: null, key: null, now: new Date() });
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
