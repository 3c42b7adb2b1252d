import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { migrate } from "#server/database/migrate.ts";
import { createDatabase, createEmptyDatabase } from "#test/support/database.ts";

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
    expect(await migrate(database.url, migrations.directory)).toEqual([FIRST, SECOND]);
    expect(await migrate(database.url, migrations.directory)).toEqual([]);
    expect(await query(database.url, "select n from a")).toEqual([{ n: 2 }]);
  });

  test("records each migration as Prisma's own CLI does, with the sha-256 of its file", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({ [FIRST]: "create table a (n int);" });
    await migrate(database.url, migrations.directory);
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
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, migrations.directory)));
    expect(applied.flat().sort()).toEqual([FIRST, SECOND]);
    expect(await query(database.url, "select n from a")).toEqual([{ n: 2 }]);
  });

  test("a migration that fails leaves nothing of itself behind, keeps those before it, and is named", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({
      ...TWO,
      [SECOND]: "create table b (n int); insert into nowhere values (1);",
    });
    await expect(migrate(database.url, migrations.directory)).rejects.toThrow(
      `The migration ${SECOND} failed and was rolled back: relation "nowhere" does not exist.`,
    );
    const tables = await query(database.url, "select to_regclass('a') as a, to_regclass('b') as b");
    expect(tables).toEqual([{ a: "a", b: null }]);
    await migrations.write(SECOND, "create table b (n int);");
    expect(await migrate(database.url, migrations.directory)).toEqual([SECOND]);
  });

  test("says of a migration whose outcome is unknown that it is, and not that it was rolled back", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf({ [FIRST]: "select pg_terminate_backend(pg_backend_pid())" });
    await expect(migrate(database.url, migrations.directory)).rejects.toThrow(
      `The database went away during the migration ${FIRST}`,
    );
  });

  test("refuses an applied migration whose file was edited", async () => {
    await using database = await createEmptyDatabase();
    await using migrations = await migrationsOf(TWO);
    await migrate(database.url, migrations.directory);
    await migrations.write(FIRST, "create table a (n bigint);");
    await expect(migrate(database.url, migrations.directory)).rejects.toThrow(
      `The migration ${FIRST} was changed after it was applied`,
    );
  });

  test("refuses a database that a newer version has migrated", async () => {
    await using database = await createEmptyDatabase();
    await using newer = await migrationsOf(TWO);
    await using older = await migrationsOf({ [FIRST]: TWO[FIRST] ?? "" });
    await migrate(database.url, newer.directory);
    await expect(migrate(database.url, older.directory)).rejects.toThrow("The database is newer than this code");
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
