// A new cluster has segments of its log ready, so that the first commits of a burst do not wait for them to be made.
import { Client } from "pg";
import { expect, test } from "vitest";
import { startTemporaryPostgres } from "#test/support/embedded.ts";

const AHEAD =
  "select count(*)::int as ahead from pg_ls_waldir() where name > pg_walfile_name(pg_current_wal_insert_lsn())";

test("a new cluster has its reserve of segments", async () => {
  await using postgres = await startTemporaryPostgres({ isDurable: true });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ ahead: number }>(AHEAD);
    expect(rows[0]?.ahead).toBeGreaterThan(100);
  } finally {
    await client.end();
  }
});
