// A backup of everything, as it stood at one moment, while everything runs (docs/decisions/117-a-backup-of-our-own.md).

import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import { masterKeyOf } from "#server/database/master-key.ts";
import type { PrimaryClient } from "#server/database/primary-client.ts";
import { AppError } from "#server/errors/app-error.ts";
import { copyOut } from "./copy.ts";
import { encodeFrames, type Frame, type Header, headOf, jsonFrame, type TableStart } from "./format.ts";
import type { SealedKey } from "./sealed-key.ts";
import { JOBS, listSequences, listTables } from "./tables.sql.ts";

export const JOBS_TABLE: TableStart = { name: "jobs of the runner", parent: null, columns: ["job"] };

const listed = (columns: readonly string[]) => columns.map((name) => `"${name}"`).join(", ");

export interface BackupPlan {
  header: Header;
  /** All bytes of the file but the head, before they are compressed. */
  head: Buffer;
  bytes: AsyncGenerator<Buffer>;
}

/**
 * Begins a backup: from here on it is decided as of when it is. The session of `client` is used up by it.
 *
 * @param fingerprint of the secret that was given @param key null: the file is to have none
 * @throws AppError CONFLICT while tables are migrated, or where the database belongs to another secret
 */
export async function beginBackup(
  client: PrimaryClient,
  { fingerprint, key, now }: { fingerprint: string | null; key: SealedKey | null; now: Date },
): Promise<BackupPlan> {
  // A migration would wait for the tables that are read, and the door behind it.
  const { rows } = await client.query("select pg_try_advisory_lock_shared($1) as is_free", [ADVISORY_LOCKS.migrate]);
  if (!rows[0].is_free) throw new AppError("CONFLICT", "The tables are being migrated: try again when that is over.");
  await client.query("begin isolation level repeatable read read only");
  const migrations = await client.query<{ name: string; checksum: string }>(
    `select migration_name as name, checksum from _prisma_migrations
     where finished_at is not null and rolled_back_at is null order by migration_name`,
  );
  const { rows: found } = await client.query("select to_regclass('master_key') is not null as is_known");
  // An older version's database says nothing of its key.
  const stored = found[0].is_known ? await masterKeyOf(async (sql) => (await client.query(sql)).rows) : null;
  if (key !== null && stored !== null && stored !== fingerprint)
    throw new AppError(
      "CONFLICT",
      `The database belongs to another SWITCHYARD_SECRET (${stored}) than the one given (${fingerprint}): give that one.`,
    );
  const header: Header = {
    made_at: now.toISOString(),
    migrations: migrations.rows,
    fingerprint: stored ?? fingerprint ?? "",
    key,
  };
  const head = headOf(header);
  return { header, head, bytes: encodeFrames(head, readAll(client)) };
}

async function* readAll(client: PrimaryClient): AsyncGenerator<Frame> {
  for (const table of await listTables(client)) {
    yield* readTable(client, table, `copy "${table.name}" (${listed(table.columns)}) to stdout (format binary)`);
  }
  yield* readTable(client, JOBS_TABLE, `copy (${JOBS}) to stdout (format binary)`);
  // Numbers are never given back: the present ones are good for rows of the snapshot.
  yield jsonFrame("sequences", await listSequences(client));
}

async function* readTable(client: PrimaryClient, table: TableStart, copy: string): AsyncGenerator<Frame> {
  yield jsonFrame("table", table);
  const pieces = copyOut(client, copy);
  let piece = await pieces.next();
  for (; !piece.done; piece = await pieces.next()) yield { type: "rows", payload: piece.value };
  yield jsonFrame("end of table", { rows: piece.value });
}
