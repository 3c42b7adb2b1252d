// A backup into an empty database, all of it or nothing: the tables as they were, the rows, and the migrations since then. Each table
// comes in a transaction of its own; what is there by half is marked as such, and cleared away
// (docs/decisions/123-a-restore-in-many-transactions.md).
import { z } from "zod";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { explainLockRoom } from "#server/database/lock-room.sql.ts";
import { applyPending, installJobs, markRestore, refuseUnknown } from "#server/database/migrate.ts";
import type { PrimaryClient } from "#server/database/primary-client.ts";
import { WITHOUT_TIMEOUTS } from "#server/database/timeouts.sql.ts";
import { AppError } from "#server/errors/app-error.ts";
import { makePartition, parsePartition } from "#server/retention/partitions.ts";
import { copyIn } from "./copy.ts";
import { damaged, EndOfTable, type Frame, type ReadHead, readFrames, Sequence, TableStart } from "./format.ts";
import { ADD_JOBS, ANY_TABLE, END_CLAIMS, listTables, SET_SEQUENCE } from "./tables.sql.ts";
import { clearUnfinished, END_RESTORE, inTransaction, makeInTransaction } from "./unfinished.sql.ts";
import { JOBS_TABLE } from "./write-backup.ts";

export interface Contents {
  tables: number;
  rows: number;
}

export interface Restored extends Contents {
  /** Tables that no migration has made: somebody's own. */
  leftOut: string[];
  /** Applied after the rows were there, since this version is newer. */
  migrated: string[];
}

/** Reads a whole backup, and resolves to what is in it. @throws AppError for a file that is damaged or a newer version's */
export async function checkBackup(file: ReadHead, onRead: (bytes: number) => void = () => {}): Promise<Contents> {
  await refuseUnknown(file.header.migrations);
  const contents = { tables: 0, rows: 0 };
  for await (const { type, payload } of readFrames(file, onRead)) {
    if (type !== "end of table") continue;
    contents.tables += 1;
    contents.rows += parse(EndOfTable, payload).rows;
  }
  return contents;
}

export interface Watcher {
  /** Told how many bytes of the file were read. */
  onRead?: (bytes: number) => void;
  /** Told a sentence of what goes on. */
  say?: (sentence: string) => void;
  /** Called once the database has the mark of a restore that is under way. */
  onMarked?: () => Promise<void>;
  /** Called before the mark is taken away again with all that was made. */
  onUnmark?: () => Promise<void>;
}

/**
 * Restores a backup whose head was read. What an earlier restore has left that was broken off is cleared away first.
 *
 * @throws AppError where the database is not empty, or the file is damaged or a newer version's; the database is as it was then
 */
export async function restoreBackup(
  client: PrimaryClient,
  databaseUrl: string,
  file: ReadHead,
  { onRead = () => {}, say = () => {}, onMarked = async () => {}, onUnmark = async () => {} }: Watcher = {},
): Promise<Restored> {
  await refuseUnknown(file.header.migrations);
  await client.query(WITHOUT_TIMEOUTS);
  // A statement of a restore that was killed ends soon, and the lock with it. Some systems cannot look.
  await client.query("set client_connection_check_interval = 2000").catch(() => undefined);
  const { rows } = await client.query("select pg_try_advisory_lock($1) as is_free", [ADVISORY_LOCKS.migrate]);
  if (!rows[0].is_free)
    throw new AppError("CONFLICT", "Somebody else restores into this database, or migrates it: try again later.");
  if (await clearUnfinished(client, onUnmark)) say("What a restore had left here that was broken off is cleared away.");
  await refuseNonEmpty(client);
  return restoreAll(client, databaseUrl, file, { onRead, onMarked, onUnmark });
}

async function restoreAll(
  client: PrimaryClient,
  databaseUrl: string,
  file: ReadHead,
  { onRead, onMarked, onUnmark }: Required<Omit<Watcher, "say">>,
): Promise<Restored> {
  const frames = readFrames(file, onRead);
  try {
    await markRestore(client);
    await onMarked();
    await installJobs(databaseUrl);
    const made = await makeTables(client, new Set(file.header.migrations.map(({ name }) => name)));
    const loaded = await load(client, frames, made);
    const migrated = await applyPending(client, (apply) => makeInTransaction(client, apply));
    // Plans are made from what is known of the tables, and nobody looks before some rows have changed.
    await client.query("analyze");
    await inTransaction(client, async () => {
      await client.query(END_CLAIMS);
      await client.query(END_RESTORE);
    });
    return { ...loaded, migrated };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    const noRoom = await explainLockRoom(client, error);
    // Where the database is away, the next restore clears it.
    await clearUnfinished(client, onUnmark).catch(() => undefined);
    throw noRoom === undefined ? error : new AppError("UNAVAILABLE", `Nothing was restored. ${noRoom}`);
  } finally {
    await frames.return(undefined);
  }
}

async function refuseNonEmpty(client: PrimaryClient): Promise<void> {
  const { rows } = await client.query(ANY_TABLE);
  if (rows[0])
    throw new AppError(
      "CONFLICT",
      `The database is not empty: it has the table ${rows[0].name}. Make a new one with createdb, or for the embedded Postgres choose another DATA_DIR, and restore into that.`,
    );
}

/** Makes the tables as the backup's version had them, without a row, and returns them. Those of others are let alone. */
async function makeTables(client: PrimaryClient, migrations: ReadonlySet<string>): Promise<TableStart[]> {
  return makeInTransaction(client, async () => {
    const before = new Set((await listTables(client)).map(({ name }) => name));
    await applyPending(client, (apply) => apply(), migrations);
    const made = (await listTables(client)).filter(({ name }) => !before.has(name));
    const names = made.map(({ name }) => name);
    // Rows come as they were: nothing is to be recorded, numbered or noted once more.
    for (const name of names) await client.query(`alter table "${name}" disable trigger user`);
    // Migrations have put first rows into some. Those that refer to others are emptied before those.
    for (const name of names.reverse()) await client.query(`delete from "${name}"`);
    return made;
  });
}

async function load(
  client: PrimaryClient,
  frames: AsyncGenerator<Frame>,
  made: readonly TableStart[],
): Promise<Contents & Pick<Restored, "leftOut">> {
  const known = new Map(made.map((table) => [table.name, table]));
  let [tables, rows] = [0, 0];
  const leftOut: string[] = [];
  const days: Columns = new Map();
  const reading: Reading = { frames, end: undefined };
  for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
    const { type, payload } = frame.value;
    if (type === "sequences") await setSequences(client, parse(z.array(Sequence), payload));
    else if (type === "table") {
      const table = parse(TableStart, payload);
      // One for each: a partition takes ten locks until its transaction ends.
      await inTransaction(client, async () => {
        const columns = await findColumns(client, table, { known, days });
        if (columns) rows += await loadTable(client, table, columns, reading);
        else leftOut.push(await pass(table.name, reading));
      });
      tables += 1;
    } else throw damaged();
  }
  for (const name of known.keys()) await client.query(`alter table "${name}" enable trigger user`);
  return { tables: tables - leftOut.length, rows, leftOut };
}

function parse<T>(schema: z.ZodType<T>, payload: Buffer): T {
  try {
    return schema.parse(JSON.parse(payload.toString()));
  } catch {
    throw damaged();
  }
}

interface Reading {
  frames: AsyncGenerator<Frame>;
  /** The number of rows that the table was said to have. */
  end: number | undefined;
}

/** The rows up to the end of the table, which is noted. */
async function* rowsOf(reading: Reading): AsyncGenerator<Buffer> {
  for (;;) {
    const { value, done } = await reading.frames.next();
    if (done || (value.type !== "rows" && value.type !== "end of table")) throw damaged();
    if (value.type === "end of table") {
      reading.end = parse(EndOfTable, value.payload).rows;
      return;
    }
    yield value.payload;
  }
}

async function pass(name: string, reading: Reading): Promise<string> {
  for await (const _ of rowsOf(reading));
  return name;
}

async function loadTable(
  client: PrimaryClient,
  { name, columns }: TableStart,
  known: readonly string[],
  reading: Reading,
): Promise<number> {
  const strange = columns.filter((column) => !known.includes(column));
  if (strange.length > 0)
    throw new AppError(
      "UNPROCESSABLE",
      `The table ${name} in the backup has columns that no migration has made, and nothing of it was restored: ${strange.join(", ")}. Take them out of the database that was backed up, and make another backup.`,
    );
  const isJobs = name === JOBS_TABLE.name;
  if (isJobs) await client.query("create temporary table restored_job (job json) on commit drop");
  const target = isJobs ? "restored_job" : `"${name}"`;
  const listed = columns.map((column) => `"${column}"`).join(", ");
  const rows = await copyIn(client, `copy ${target} (${listed}) from stdin (format binary)`, rowsOf(reading));
  if (rows !== reading.end) throw damaged();
  if (isJobs) await client.query(ADD_JOBS);
  return rows;
}

type Columns = Map<string, readonly string[] | undefined>;

interface Found {
  known: ReadonlyMap<string, TableStart>;
  /** Of the days of each big table: thousands are made alike, and a look at the catalog reads about all of them. */
  days: Columns;
}

/** The columns of a table as the migrations have made it. Names come from the file; of days of big tables it makes the partition. */
async function findColumns(
  client: PrimaryClient,
  { name, parent }: TableStart,
  { known, days }: Found,
): Promise<readonly string[] | undefined> {
  if (name === JOBS_TABLE.name) return JOBS_TABLE.columns;
  const day = parent === null ? undefined : parsePartition(parent, name);
  if (!day) return known.get(name)?.columns;
  await makePartition(client, day);
  if (!days.has(day.table))
    days.set(day.table, (await listTables(client)).find((table) => table.name === name)?.columns);
  return days.get(day.table);
}

async function setSequences(client: PrimaryClient, sequences: readonly Sequence[]): Promise<void> {
  for (const { name, value, is_called: isCalled } of sequences)
    await client.query(SET_SEQUENCE, [name, value, isCalled]);
}
