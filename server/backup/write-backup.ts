// A backup of everything, as it stood at one moment, while everything runs (docs/decisions/117-a-backup-of-our-own.md).
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { escapeIdentifier } from "#server/database/db.ts";
import { explainLockRoom } from "#server/database/lock-room.sql.ts";
import { masterKeyOf } from "#server/database/master-key.ts";
import type { PrimaryClient } from "#server/database/primary-client.ts";
import { WITHOUT_TIMEOUTS } from "#server/database/timeouts.sql.ts";
import { SAYS_UNFINISHED, UNFINISHED_RESTORE } from "#server/database/unfinished-restore.ts";
import { AppError } from "#server/errors/app-error.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { copyOut } from "./copy.ts";
import { encodeFile, type Frame, type Header, headOf, jsonFrame, type TableStart } from "./format.ts";
import type { SealedKey } from "./sealed-key.ts";
import { JOBS, listSequences, listTables, lockTables } from "./tables.sql.ts";

export const JOBS_TABLE: TableStart = { name: "jobs of the runner", parent: null, columns: ["job"] };

/** Of a partition that is just being dropped, another look does not see any more. */
const LOCK_TRIES = 5;
const LOCK_PATIENCE_MS = 10_000;
const GONE_OR_LOCKED = ["42P01", "55P03"];

const namesOf = (tables: readonly TableStart[]) => tables.map(({ name }) => name).join();
const listed = (columns: readonly string[]) => columns.map((name) => escapeIdentifier(name)).join(", ");

export interface BackupPlan {
  header: Header;
  /** All bytes of the file. */
  bytes: AsyncGenerator<Buffer>;
  /** In all. */
  tables: number;
}

export interface BackupInput {
  /** Of the secret that was given. */
  fingerprint: string | null;
  /** Null: the file is to have none. */
  key: SealedKey | null;
  version: string;
  /** Called before each table is read, with how many were. */
  onTable?: (done: number) => void;
}

/**
 * Begins a backup: from here on it is decided as of when it is. The session of `client` is used up by it.
 *
 * @throws AppError CONFLICT while tables are migrated, or where the database belongs to another secret than the one to be kept
 */
export async function beginBackup(client: PrimaryClient, input: BackupInput): Promise<BackupPlan> {
  const { fingerprint, key, version, onTable } = input;
  await client.query(WITHOUT_TIMEOUTS);
  // A migration would wait for the tables that are read, and the door behind it.
  const { rows } = await client.query("select pg_try_advisory_lock_shared($1) as is_free", [ADVISORY_LOCKS.migrate]);
  if (!rows[0].is_free) throw new AppError("CONFLICT", "The tables are being migrated: try again when that is over.");
  const tables = await takeSnapshot(client);
  const migrations = await client.query<{ name: string; checksum: string }>(
    `select migration_name as name, checksum from _prisma_migrations
     where finished_at is not null and rolled_back_at is null order by migration_name`,
  );
  // One that is older than the fingerprint of its key has no other place that says so.
  if (migrations.rows.some(({ name }) => name === UNFINISHED_RESTORE)) throw new AppError("CONFLICT", SAYS_UNFINISHED);
  // All that was committed before the transaction began is in it.
  const made = await client.query<{ at: string }>(
    `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
  );
  const stored = tables.some(({ name }) => name === "master_key")
    ? await masterKeyOf(async (sql) => (await client.query(sql)).rows)
    : null;
  if (key !== null && stored !== null && stored !== fingerprint)
    throw new AppError(
      "CONFLICT",
      `The database belongs to another SWITCHYARD_SECRET (${stored}) than the one given (${fingerprint}): give that one.`,
    );
  const header: Header = {
    ...{ made_at: made.rows[0]?.at ?? "", version, migrations: migrations.rows },
    ...{ fingerprint: stored ?? fingerprint ?? "", key },
  };
  const bytes = encodeFile(headOf(header), orSayAway(readAll(client, tables, onTable)));
  return { header, bytes, tables: tables.length };
}

/** Begins the transaction, and resolves to the tables there are in its snapshot, which nobody drops before its end. */
async function takeSnapshot(client: PrimaryClient): Promise<TableStart[]> {
  for (let tries = 1; ; tries++) {
    const tables = await listTables(client);
    if (!tables.some(({ name }) => name === "team"))
      throw new AppError("CONFLICT", "The database has no tables of Switchyard: there is nothing to back up.");
    await client.query("begin isolation level repeatable read read only");
    try {
      await client.query(`set local lock_timeout = ${LOCK_PATIENCE_MS}`);
      // Before the snapshot, which begins with the first statement that reads.
      await client.query(lockTables(tables));
      const seen = await listTables(client);
      if (namesOf(seen) === namesOf(tables)) return seen;
      await client.query("rollback");
    } catch (error) {
      await client.query("rollback");
      const noRoom = await explainLockRoom(client, error);
      if (noRoom !== undefined) throw new AppError("UNAVAILABLE", noRoom);
      if (!(error instanceof Error && "code" in error && GONE_OR_LOCKED.includes(String(error.code)))) throw error;
    }
    if (tries === LOCK_TRIES)
      throw new AppError(
        "CONFLICT",
        "Somebody holds a lock on the tables, or keeps on dropping some: try again later.",
      );
  }
}

async function* readAll(
  client: PrimaryClient,
  tables: readonly TableStart[],
  onTable: (done: number) => void = () => {},
): AsyncGenerator<Frame> {
  for (const [done, table] of tables.entries()) {
    onTable(done);
    yield* readTable(
      client,
      table,
      `copy ${escapeIdentifier(table.name)} (${listed(table.columns)}) to stdout (format binary)`,
    );
  }
  onTable(tables.length);
  yield* readTable(client, JOBS_TABLE, `copy (${JOBS}) to stdout (format binary)`);
  // Numbers are never given back: the present ones are good for rows of the snapshot.
  yield jsonFrame("sequences", await listSequences(client));
}

async function* orSayAway(frames: AsyncIterable<Frame>): AsyncGenerator<Frame> {
  try {
    yield* frames;
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    throw new AppError("UNAVAILABLE", "The database went away during the backup: try again when it is back.");
  }
}

async function* readTable(client: PrimaryClient, table: TableStart, copy: string): AsyncGenerator<Frame> {
  yield jsonFrame("table", table);
  const pieces = copyOut(client, copy);
  let piece = await pieces.next();
  for (; !piece.done; piece = await pieces.next()) yield { type: "rows", payload: piece.value };
  yield jsonFrame("end of table", { rows: piece.value });
}
