import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Logger, runMigrations } from "graphile-worker";
import type { Client } from "pg";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { ADVISORY_LOCKS } from "./advisory-locks.ts";
import { makePool, type Queryable } from "./db.ts";
import { explainLockRoom } from "./lock-room.sql.ts";
import { SET_LOCK_TIMEOUT, withPatience } from "./migration-patience.ts";
import { tablesReadBy } from "./migration-reach.ts";
import { explainLength, readSizes } from "./migration-tables.sql.ts";
import { PrimaryClient } from "./primary-client.ts";
import { WITHOUT_TIMEOUTS } from "./timeouts.sql.ts";
import { SAYS_UNFINISHED, UNFINISHED_RESTORE } from "./unfinished-restore.ts";

const MIGRATIONS_DIR = join(import.meta.dirname, "..", "..", "prisma", "migrations");
const PAUSE_MS = 5_000;

/** The table as Prisma's CLI makes it: its `migrate status` then sees ours as applied. */
const CREATE_LEDGER = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

/** A database that this code must not touch; `message` says why and what to do. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MigrationError";
  }
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && /^\d+_/.test(entry.name)).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** The migrations still to apply, in order. Throws if what was applied is not a prefix of what the code has. */
function findPending(migrations: Migration[], applied: Map<string, string>, where = "database"): Migration[] {
  if (applied.has(UNFINISHED_RESTORE)) throw new MigrationError(SAYS_UNFINISHED);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `The ${where} is newer than this code: it has the migration ${unknown[0]}, which this version does not know. Start the version that made it, or a later one.`,
    );
  }
  for (const { name, checksum } of migrations) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum) {
      throw new MigrationError(
        `The migration ${name} was changed after it was applied to this ${where}. Restore prisma/migrations/${name}/migration.sql and put the change into a new migration.`,
      );
    }
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function applyOnce(client: Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await runMigration(client, migration);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function applyMigration(client: Client, migration: Migration, run: Run): Promise<void> {
  const { name, sql } = migration;
  const long = explainLength(await readReach(client, migration));
  if (long !== undefined) run.say(`The migration ${name} ${long}`);
  try {
    await withPatience(() => applyOnce(client, migration), { ...run, client, what: `The migration ${name}`, sql });
  } catch (error) {
    if (run.signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const noRoom = await explainLockRoom(client, error);
    if (noRoom !== undefined)
      throw new MigrationError(`The migration ${name} was rolled back. ${noRoom}`, { cause: error });
    if (isDatabaseAway(error)) {
      throw new MigrationError(
        `The database went away during the migration ${name}: ${reason}. Start again when it is back: what was applied is not applied twice.`,
        { cause: error },
      );
    }
    throw new MigrationError(
      `The migration ${name} failed and was rolled back: ${reason}. The database is as it was before.`,
      { cause: error },
    );
  }
}

async function runMigration(client: Queryable, { name, sql, checksum }: Migration): Promise<void> {
  await client.query(sql);
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
}

async function readApplied(client: Queryable): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

async function findMissing(client: Queryable, directory: string): Promise<Migration[]> {
  const { rows } = await client.query("select to_regclass('_prisma_migrations') is not null as found");
  const applied = rows[0].found ? await readApplied(client) : new Map<string, string>();
  return findPending(await readMigrations(directory), applied);
}

/**
 * The names of the migrations that a start would apply. Throws {@link MigrationError} where it would refuse the database.
 */
export async function listPending(client: Queryable, directory = MIGRATIONS_DIR): Promise<string[]> {
  return (await findMissing(client, directory)).map(({ name }) => name);
}

/** As {@link listPending}, over a connection of its own, each with what a start would say before it if it is long. */
export async function planMigrations(databaseUrl: string, directory = MIGRATIONS_DIR): Promise<string[]> {
  const client = new PrimaryClient({ connectionString: databaseUrl, application_name: "switchyard migrate" });
  await client.connect();
  try {
    const lines: string[] = [];
    for (const migration of await findMissing(client, directory)) {
      const long = explainLength(await readReach(client, migration));
      lines.push(long === undefined ? migration.name : `${migration.name} ${long}`);
    }
    return lines;
  } finally {
    await client.end();
  }
}

const readReach = (client: Queryable, { sql }: Migration) => readSizes(client, tablesReadBy(sql));

async function applyAll(client: Client, run: Run): Promise<string[]> {
  await client.query(CREATE_LEDGER);
  const pending = findPending(await readMigrations(run.directory), await readApplied(client));
  for (const migration of pending) await applyMigration(client, migration, run);
  return pending.map((migration) => migration.name);
}

/** Throws {@link MigrationError} where this code does not have all of these, which a backup's database had. */
export async function refuseUnknown(applied: readonly { name: string; checksum: string }[]): Promise<void> {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  findPending(await readMigrations(MIGRATIONS_DIR), checksums, "backup");
}

/** Begins a restore: from here on nobody else migrates this database or starts over it, whatever becomes of the restore. */
export async function markRestore(client: Queryable): Promise<void> {
  // One string is one transaction.
  await client.query(
    `${CREATE_LEDGER};
     insert into _prisma_migrations (id, checksum, migration_name, finished_at, logs) values ('${randomUUID()}', '', '${UNFINISHED_RESTORE}', now(), '[]')`,
  );
}

/**
 * Applies what is pending, or of that only what is named, while a restore is under way. `inTurn` runs each of them, in a transaction of
 * the caller's, who holds the lock.
 */
export async function applyPending(
  client: Queryable,
  inTurn: (apply: () => Promise<void>) => Promise<void>,
  only?: ReadonlySet<string>,
): Promise<string[]> {
  const migrations = await readMigrations(MIGRATIONS_DIR);
  const wanted = migrations.filter(({ name }) => only === undefined || only.has(name));
  const applied = await readApplied(client);
  applied.delete(UNFINISHED_RESTORE);
  const pending = findPending(wanted, applied);
  for (const migration of pending) await inTurn(() => runMigration(client, migration));
  return pending.map((migration) => migration.name);
}

const silent = new Logger(() => () => undefined);

/** The tables of graphile-worker, by its own migrations. */
async function migrateJobs(databaseUrl: string, settings: string, run: Run, client: Client): Promise<void> {
  const pool = makePool(databaseUrl, "migrate", 1, { settings });
  try {
    const work = () => runMigrations({ pgPool: pool, concurrency: 1, logger: silent });
    await withPatience(work, { ...run, client, what: "The migration of graphile-worker", sql: "" });
  } finally {
    await pool.end();
  }
}

export interface MigrateOptions {
  directory?: string;
  /** Told one sentence when something takes long. */
  say?: (sentence: string) => void;
  /** Breaks off: what is not finished is rolled back, here and at the server. */
  signal?: AbortSignal;
  /** Between two tries to get a lock that somebody else holds. */
  pauseMs?: number;
}

interface Run extends MigrateOptions {
  directory: string;
  say: (sentence: string) => void;
  pauseMs: number;
}

/** Takes the lock under which one process migrates at a time, and resolves to the settings of the session, as the start of another takes them. */
async function takeTurn(client: Client, { say, directory }: Run): Promise<string> {
  const ended = await client.query<{ name: string }>(WITHOUT_TIMEOUTS);
  // A statement whose process is gone ends with it. Some systems cannot look: there it ends when it is done.
  await client.query("set client_connection_check_interval = 2000").catch(() => undefined);
  // A backup shares the lock, and is no reason to wait for a start that has nothing to migrate.
  const shared = (await findMissing(client, directory)).length === 0 ? "_shared" : "";
  const { rows } = await client.query(`select pg_try_advisory_lock${shared}($1) as is_ours`, [ADVISORY_LOCKS.migrate]);
  if (!rows[0].is_ours) {
    say("Another process migrates this database, or makes a backup of it; waiting for it.");
    await client.query(`select pg_advisory_lock${shared}($1)`, [ADVISORY_LOCKS.migrate]);
  }
  const { rows: limits } = await client.query<{ ms: number }>(SET_LOCK_TIMEOUT);
  return [...ended.rows.map(({ name }) => `${name}=0`), `lock_timeout=${limits[0]?.ms ?? 0}`]
    .map((setting) => `-c ${setting}`)
    .join(" ");
}

/**
 * Brings the database at `databaseUrl` to this code's schema, graphile-worker's included, and resolves to the names of
 * the migrations it applied. Each is one transaction with its entry in `_prisma_migrations`; an advisory lock lets only
 * one process migrate at a time, the others wait and find nothing left to do. Whoever reads and writes meanwhile waits
 * for a migration that is at work, and for one that waits itself no longer than its `lock_timeout`.
 * Throws {@link MigrationError} if an applied migration was edited or the database is newer than the code, and the reason
 * of `signal` if that aborts.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const run: Run = { directory: MIGRATIONS_DIR, say: () => undefined, pauseMs: PAUSE_MS, ...options };
  const client = new PrimaryClient({ connectionString: databaseUrl, application_name: "switchyard migrate" });
  const breakOff = () => client.abandon();
  await client.connect();
  run.signal?.addEventListener("abort", breakOff);
  try {
    // It may have aborted before anybody listened.
    run.signal?.throwIfAborted();
    const settings = await takeTurn(client, run);
    const applied = await applyAll(client, run);
    await migrateJobs(databaseUrl, settings, run, client);
    return applied;
  } catch (error) {
    run.signal?.throwIfAborted();
    throw error;
  } finally {
    run.signal?.removeEventListener("abort", breakOff);
    await client.end();
  }
}

/** Makes the tables of graphile-worker, or brings them up to date. Several may do it at once. */
export async function installJobs(databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, maxPoolSize: 1, concurrency: 1, logger: silent });
}
