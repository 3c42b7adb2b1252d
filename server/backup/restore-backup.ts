// A backup into an empty database, all of it or nothing: the tables as they were, the rows, and the migrations since then, in one
// transaction (docs/decisions/117-a-backup-of-our-own.md).
import { z } from "zod";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { applyPending, installJobs, refuseUnknown } from "#server/database/migrate.ts";
import type { PrimaryClient } from "#server/database/primary-client.ts";
import { AppError } from "#server/errors/app-error.ts";
import { makePartition, parsePartition } from "#server/retention/partitions.ts";
import { copyIn } from "./copy.ts";
import { damaged, type Frame, type Header, readFrames, Sequence, TableStart } from "./format.ts";
import { ADD_JOBS, listTables } from "./tables.sql.ts";
import { JOBS_TABLE } from "./write-backup.ts";

const EndOfTable = z.object({ rows: z.number() });

export interface Restored {
  tables: number;
  rows: number;
  /** Applied after the rows were there, since this version is newer. */
  migrated: string[];
}

/**
 * Restores `path`, of which `header` and `head` were read before.
 *
 * @throws AppError where the database is not empty, or the file is damaged or a newer version's; the database is as it was then
 */
export async function restoreBackup(
  client: PrimaryClient,
  databaseUrl: string,
  { path, header, head }: { path: string; header: Header; head: Buffer },
): Promise<Restored> {
  await refuseUnknown(header.migrations);
  await refuseNonEmpty(client);
  // The runner's own tables come from the runner, which knows no transaction of ours; they are empty if what follows fails.
  await installJobs(databaseUrl);
  await client.query("begin");
  try {
    await client.query("select pg_advisory_xact_lock($1)", [ADVISORY_LOCKS.migrate]);
    await refuseNonEmpty(client);
    await applyPending(client, new Set(header.migrations.map(({ name }) => name)));
    const loaded = await load(client, readFrames(path, head));
    const migrated = await applyPending(client);
    await client.query("commit");
    return { ...loaded, migrated };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function refuseNonEmpty(client: PrimaryClient): Promise<void> {
  const { rows } = await client.query(
    "select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') order by 1 limit 1",
  );
  if (rows[0])
    throw new AppError(
      "CONFLICT",
      `The database is not empty: it has the table ${rows[0].name}. Make a new one with createdb, or for the embedded Postgres choose another DATA_DIR, and restore into that.`,
    );
}

async function load(client: PrimaryClient, frames: AsyncGenerator<Frame>): Promise<Omit<Restored, "migrated">> {
  const known = new Map((await listTables(client)).map((table) => [table.name, table]));
  // Rows come as they were: nothing is to be recorded, numbered or noted once more. Migrations have put first rows into some.
  for (const name of known.keys()) await client.query(`alter table "${name}" disable trigger user`);
  // In the order against that in which they refer to each other.
  for (const name of [...known.keys()].reverse()) await client.query(`delete from "${name}"`);
  let [tables, rows] = [0, 0];
  const reading: Reading = { frames, end: undefined };
  for (let frame = await frames.next(); !frame.done; frame = await frames.next()) {
    const { type, payload } = frame.value;
    if (type === "sequences") await setSequences(client, z.array(Sequence).parse(read(payload)));
    else if (type === "table") {
      rows += await loadTable(client, TableStart.parse(read(payload)), known, reading);
      tables += 1;
    } else throw damaged();
  }
  for (const name of known.keys()) await client.query(`alter table "${name}" enable trigger user`);
  return { tables, rows };
}

function read(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
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
      reading.end = EndOfTable.parse(read(value.payload)).rows;
      return;
    }
    yield value.payload;
  }
}

async function loadTable(
  client: PrimaryClient,
  table: TableStart,
  known: ReadonlyMap<string, TableStart>,
  reading: Reading,
): Promise<number> {
  const isJobs = table.name === JOBS_TABLE.name;
  if (isJobs) await client.query("create temporary table restored_job (job json) on commit drop");
  else await prepareTable(client, table, known);
  const columns = table.columns.map((name) => `"${name}"`).join(", ");
  const target = isJobs ? "restored_job" : `"${table.name}"`;
  const rows = await copyIn(client, `copy ${target} (${columns}) from stdin (format binary)`, rowsOf(reading));
  if (rows !== reading.end) throw damaged();
  if (isJobs) await client.query(ADD_JOBS);
  return rows;
}

/** Names come from the file: only tables and columns that the migrations have made are taken, and days of big ones. */
async function prepareTable(
  client: PrimaryClient,
  table: TableStart,
  known: ReadonlyMap<string, TableStart>,
): Promise<void> {
  const day = table.parent === null ? undefined : parsePartition(table.parent, table.name);
  if (day) return void (await makePartition(client, day));
  const own = known.get(table.name);
  if (!own || own.columns.join() !== table.columns.join()) throw damaged();
}

async function setSequences(client: PrimaryClient, sequences: readonly Sequence[]): Promise<void> {
  for (const { name, value, is_called: isCalled } of sequences)
    await client.query("select setval(quote_ident($1)::regclass, $2::bigint, $3)", [name, value, isCalled]);
}
