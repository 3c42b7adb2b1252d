import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { migrate } from "#server/database/migrate.ts";
import { addJobStatement } from "#server/jobs.ts";
import { compareCatalogs, readCatalog } from "#test/support/catalog.ts";
import { createDatabase, createEmptyDatabase } from "#test/support/database.ts";
import { datamodelSql } from "#test/support/datamodel-sql.ts";

const DATAMODEL = join(import.meta.dirname, "..", "..", "prisma", "schema.prisma");

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function catalogOfMigrations(change = ""): Promise<string[]> {
  await using database = await createDatabase();
  return await withClient(database.url, async (client) => {
    await client.query(change);
    return readCatalog(client);
  });
}

async function catalogOfDatamodel(datamodel: string): Promise<string[]> {
  await using database = await createEmptyDatabase();
  const sql = await datamodelSql(datamodel, database.url);
  return await withClient(database.url, async (client) => {
    await client.query(sql);
    return readCatalog(client);
  });
}

describe("prisma/schema.prisma and prisma/migrations", () => {
  let datamodel: string;
  let fromDatamodel: string[];

  beforeAll(async () => {
    datamodel = await readFile(DATAMODEL, "utf8");
    fromDatamodel = await catalogOfDatamodel(datamodel);
  });

  test("apply to an empty database together with graphile-worker's, and leave nothing to do after that", async () => {
    await using database = await createEmptyDatabase();
    expect(await migrate(database.url)).toEqual(expect.arrayContaining([expect.stringMatching(/_init$/)]));
    expect(await migrate(database.url)).toEqual([]);
    const added = await withClient(database.url, (client) => client.query(addJobStatement("maintain-partitions", {})));
    expect(added.rowCount).toBe(1);
  });

  test("make the same tables, columns, keys, indexes and foreign keys", async () => {
    const fromMigrations = await catalogOfMigrations();
    expect(fromMigrations.length).toBeGreaterThan(150);
    expect(compareCatalogs(fromDatamodel, fromMigrations)).toEqual([]);
  });

  test("differ when the datamodel has a column, a type, a default or an index that no migration makes", async () => {
    const changed = datamodel
      .replace("retention_days  Int?", "retention_days  BigInt?\n  region String")
      .replace("@@index([destination_id])", "@@index([destination_id, name])")
      .replace(/(version +Int +)@default\(1\)/, "$1@default(2)");
    expect(compareCatalogs(fromDatamodel, await catalogOfDatamodel(changed))).toEqual([
      "+ connection_destination_id_name_idx using btree (destination_id, name)",
      "+ team.region text not null",
      "+ team.retention_days bigint",
      "+ transformation.version integer not null default 2",
      "- connection_destination_id_idx using btree (destination_id)",
      "- team.retention_days integer",
      "- transformation.version integer not null default 1",
    ]);
  });

  test("differ when a migration changes nullability, a key or a foreign key that the datamodel does not know", async () => {
    const changed = await catalogOfMigrations(`
      alter table request alter column body_bytes drop not null;
      drop index source_key_key;
      alter table member drop constraint member_user_id_fkey;
      create table extra (id text primary key);`);
    expect(compareCatalogs(fromDatamodel, changed)).toEqual([
      "+ extra.id text not null",
      "+ extra_pkey primary unique using btree (id)",
      "+ request.body_bytes integer",
      '- member FOREIGN KEY (user_id) REFERENCES "user"(id) ON UPDATE CASCADE ON DELETE CASCADE',
      "- request.body_bytes integer not null",
      "- source_key_key unique using btree (key)",
    ]);
  });
});
