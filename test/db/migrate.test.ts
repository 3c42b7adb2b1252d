import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { clearUnfinished, END_RESTORE, makeInTransaction } from "#server/backup/unfinished.sql.ts";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { explainLockRoom } from "#server/database/lock-room.sql.ts";
import { markRestore, migrate, planMigrations } from "#server/database/migrate.ts";
import { findHolder } from "#server/database/migration-tables.sql.ts";
import { isRestoredWhole } from "#server/database/unfinished-restore.ts";
import { createDatabase, createEmptyDatabase, someoneWaits } from "#test/support/database.ts";
import { objectsIn, withPool } from "#test/support/database-contents.ts";

async function migrationsOf(files: Record<string, string>) {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-migrations-"));
  const write = async (name: string, sql: string) => {
    await mkdir(join(directory, name), { recursive: true });
    await writeFile(join(directory, name, "migration.sql"), sql);
  };
  for (const [name, sql] of Object.entries(files)) await write(name, sql);
  return { directory, write, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const FIRST = "20260101000000_first";
const SECOND = "20260102000000_second";
const TWO = { [SECOND]: "insert into a values (2);", [FIRST]: "create table a (n int);" };

describe("migrate", () => {
  test("applies what is missing in order of time, once", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(TWO);
    expect(await migrate(database.url, migrations)).toEqual([FIRST, SECOND]);
    expect(await migrate(database.url, migrations)).toEqual([]);
    expect(await query(database.url, "select n from a")).toEqual([{ n: 2 }]);
  });

  test("records each migration as Prisma's own CLI does, with the sha-256 of its file", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({ [FIRST]: "create table a (n int);" });
    await migrate(database.url, migrations);
    const rows = await query(
      database.url,
      "select migration_name, checksum, applied_steps_count, finished_at is not null as is_finished, rolled_back_at, logs from _prisma_migrations",
    );
    const checksum = createHash("sha256").update("create table a (n int);").digest("hex");
    const expected = { applied_steps_count: 1, is_finished: true, rolled_back_at: null, logs: null };
    expect(rows).toEqual([{ migration_name: FIRST, checksum, ...expected }]);
  });

  test("four processes that migrate at once apply each migration once between them", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(TWO);
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, migrations)));
    expect(applied.flat().sort()).toEqual([FIRST, SECOND]);
    expect(await query(database.url, "select n from a")).toEqual([{ n: 2 }]);
  });

  test("a migration that fails leaves nothing of itself behind, keeps those before it, and is named", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({
      ...TWO,
      [SECOND]: "create table b (n int); insert into nowhere values (1);",
    });
    await expect(migrate(database.url, migrations)).rejects.toThrow(
      `The migration ${SECOND} failed and was rolled back: relation "nowhere" does not exist.`,
    );
    const tables = await query(database.url, "select to_regclass('a') as a, to_regclass('b') as b");
    expect(tables).toEqual([{ a: "a", b: null }]);
    await migrations.write(SECOND, "create table b (n int);");
    expect(await migrate(database.url, migrations)).toEqual([SECOND]);
  });

  test("says of a migration whose outcome is unknown that it is, and not that it was rolled back", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({ [FIRST]: "select pg_terminate_backend(pg_backend_pid())" });
    await expect(migrate(database.url, migrations)).rejects.toThrow(
      `The database went away during the migration ${FIRST}`,
    );
  });

  test("refuses an applied migration whose file was edited", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(TWO);
    await migrate(database.url, migrations);
    await migrations.write(FIRST, "create table a (n bigint);");
    await expect(migrate(database.url, migrations)).rejects.toThrow(
      `The migration ${FIRST} was changed after it was applied`,
    );
  });

  test("refuses a database that a newer version has migrated", async () => {
    await using database = await createEmptyDatabase();
    await using newer = await migrationsOf(TWO);
    await using older = await migrationsOf({ [FIRST]: TWO[FIRST] ?? "" });
    await migrate(database.url, { directory: newer.directory });
    await expect(migrate(database.url, { directory: older.directory })).rejects.toThrow(
      "The database is newer than this code",
    );
  });

  test("the project's own migrations and graphile-worker's are in every cloned database", async () => {
    await using database = await createDatabase();
    expect(await migrate(database.url)).toEqual([]);
    const found = await query(
      database.url,
      "select to_regclass('request') is not null as ours, to_regprocedure('graphile_worker.force_unlock_workers(text[])') is not null as graphile",
    );
    expect(found).toEqual([{ ours: true, graphile: true }]);
  });
});

async function connect(url: string, name: string) {
  const client = new Client({ connectionString: url, application_name: name });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Resolves `said` to the first sentence. */
function listener() {
  const first = Promise.withResolvers<string>();
  const sentences: string[] = [];
  const say = (sentence: string) => {
    sentences.push(sentence);
    first.resolve(sentence);
  };
  return { say, said: first.promise, sentences };
}

describe("migrate beside others", () => {
  const ADD_COLUMN = { [FIRST]: 'alter table "a" add column m int;' };

  test("a migration behind a long transaction lets writers pass, says who holds it up, and is applied when that ends", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(ADD_COLUMN);
    await query(database.url, "create table a (n int)");
    await query(
      database.url,
      `alter database ${new URL(database.url).pathname.slice(1)} set deadlock_timeout = '100ms'`,
    );
    await using report = await connect(database.url, "nightly report");
    await using writer = await connect(database.url, "writer");
    await report.query("begin; select from a");
    const { say, said, sentences } = listener();
    const migrating = migrate(database.url, { directory: migrations.directory, say, pauseMs: 20 });
    for (const n of [1, 2, 3]) {
      await someoneWaits(writer);
      await writer.query("insert into a values ($1)", [n]);
    }
    expect(await said).toMatch(
      /^The migration 20260101000000_first waits for a lock on a, which session \d+ holds \(nightly report, \d s in its transaction\)\. /,
    );
    await report.query("commit");
    expect(await migrating).toEqual([FIRST]);
    expect(sentences).toHaveLength(1);
    expect(await query(database.url, "select n, m from a")).toHaveLength(3);
  });

  test("the session of another role that is in the way is named to an ordinary one", async () => {
    await using database = await createEmptyDatabase();
    await using report = await connect(database.url, "nightly report");
    const url = new URL(database.url);
    const role = `owner_of_${url.pathname.slice(1)}`;
    await report.query(`create role ${role} login password 'x'`);
    await report.query(`grant all on schema public to ${role}; create table a (n int); alter table a owner to ${role}`);
    await report.query("begin; select from a");
    await using ordinary = await connect(Object.assign(url, { username: role, password: "x" }).href, "ordinary");
    const { pid } = (await findHolder(ordinary, ["a"])) ?? {};
    await report.query(`rollback; drop owned by ${role}; drop role ${role}`);
    expect(pid).toBe((report as unknown as { processID: number }).processID);
  });

  test("a migration that is broken off ends at the server too, leaves nothing behind, and is applied by the next start", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({ [FIRST]: "create table a (n int); select pg_sleep(600);" });
    await using other = await connect(database.url, "other");
    const breaking = new AbortController();
    const migrating = migrate(database.url, { directory: migrations.directory, signal: breaking.signal });
    const at = (state: string) =>
      expect.poll(async () => {
        const { rows } = await other.query(
          `select from pg_stat_activity where datname = current_database() and application_name = 'switchyard migrate' and ${state}`,
        );
        return rows.length;
      });
    await at("wait_event = 'PgSleep'").toBe(1);
    breaking.abort(new Error("enough"));
    await expect(migrating).rejects.toThrow("enough");
    await at("true").toBe(0);
    await migrations.write(FIRST, "create table a (n int);");
    expect(await migrate(database.url, migrations)).toEqual([FIRST]);
  });

  test("time limits of the role end neither a migration nor its wait for another process", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({ [FIRST]: "select pg_sleep(0.2);" });
    await using other = await connect(database.url, "other");
    await other.query("select pg_advisory_lock($1)", [ADVISORY_LOCKS.migrate]);
    const name = new URL(database.url).pathname.slice(1);
    for (const limit of ["transaction_timeout = '100ms'", "lock_timeout = '1ms'"])
      await query(database.url, `alter database ${name} set ${limit}`);
    const migrating = migrate(database.url, migrations);
    await Promise.race([migrating, someoneWaits(other)]);
    await other.query("select pg_advisory_unlock($1)", [ADVISORY_LOCKS.migrate]);
    expect(await migrating).toEqual([FIRST]);
  });

  test("one that is broken off while it connects applies nothing", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(TWO);
    const breaking = new AbortController();
    const migrating = migrate(database.url, { directory: migrations.directory, signal: breaking.signal });
    breaking.abort(new Error("enough"));
    await expect(migrating).rejects.toThrow("enough");
    expect(await query(database.url, "select to_regclass('a') as a")).toEqual([{ a: null }]);
  });

  test("one that waits for another process says so", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(TWO);
    await using other = await connect(database.url, "other");
    await other.query("select pg_advisory_lock($1)", [ADVISORY_LOCKS.migrate]);
    const { say, said } = listener();
    const migrating = migrate(database.url, { directory: migrations.directory, say });
    expect(await said).toBe("Another process migrates this database, or makes a backup of it; waiting for it.");
    await other.query("select pg_advisory_unlock($1)", [ADVISORY_LOCKS.migrate]);
    expect(await migrating).toEqual([FIRST, SECOND]);
  });

  test("before a migration of a big table a sentence says how big it is; a plan says the same and changes nothing", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({
      [FIRST]: 'create index "a_n_idx" on "a" ("n");',
      [SECOND]: 'alter table "a" add column m int;',
    });
    await query(database.url, "create table a (n int) partition by range (n)");
    await query(database.url, "create table a_1 partition of a for values from (0) to (9)");
    expect(await planMigrations(database.url, migrations.directory)).toEqual([FIRST, SECOND]);
    await query(database.url, "update pg_class set relpages = 393216, reltuples = 12e6 where relname in ('a', 'a_1')");
    const sentence =
      "goes through all rows of a (about 12,000,000 rows, 3.0 GiB): expect some 107 s, in which whoever writes there waits. It may be interrupted: what is not finished is undone, and the next start begins it again.";
    expect(await planMigrations(database.url, migrations.directory)).toEqual([`${FIRST} ${sentence}`, SECOND]);
    expect(await query(database.url, "select to_regclass('_prisma_migrations') as ledger")).toEqual([{ ledger: null }]);
    const { say, sentences } = listener();
    await migrate(database.url, { directory: migrations.directory, say });
    expect(sentences).toEqual([`The migration ${FIRST} ${sentence}`]);
  });
});

test("too little room for locks is told with the place where this Postgres takes it from", async () => {
  await using database = await createEmptyDatabase();
  const error = { code: "53200", hint: 'You might need to increase "max_locks_per_transaction".' };
  await withPool(database.url, async (db) => {
    expect(await explainLockRoom(db, error)).toMatch(/: set EMBEDDED_POSTGRES_LOCKS to \d+ or more \(it is 256\), /);
    await db.query("set switchyard.is_embedded = off");
    expect(await explainLockRoom(db, error)).toMatch(
      /: set max_locks_per_transaction to \d+ or more \(it is 256; alter /,
    );
  });
});

test("a database is restored whole from the last commit of a restore on, and neither while it is empty nor while it has the mark", async () => {
  await using database = await createEmptyDatabase();
  await withPool(database.url, async (db) => {
    expect(await isRestoredWhole(db)).toBe(false);
    await markRestore(db);
    expect(await isRestoredWhole(db)).toBe(false);
    await db.query(END_RESTORE);
    expect(await isRestoredWhole(db)).toBe(true);
  });
});

test("a restore notes as its own only what it has made itself, whatever others make meanwhile", async () => {
  await using database = await createEmptyDatabase();
  await withPool(database.url, async (db) => {
    await markRestore(db);
    await makeInTransaction(db, async () => {
      await withPool(database.url, (other) => other.query("create table theirs ()"));
      await db.query("create table ours ()");
    });
    const marks: unknown[] = [];
    const onUnmark = async () => void marks.push(...(await db.query("select from _prisma_migrations")).rows);
    expect(await clearUnfinished(db, onUnmark)).toBe(true);
    expect(marks).toHaveLength(1);
  });
  expect((await objectsIn(database.url)).filter((name) => ["ours", "theirs"].includes(name))).toEqual(["theirs"]);
});
