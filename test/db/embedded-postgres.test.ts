// The Postgres that comes along: what a new cluster has ready, and what is said of a start that is killed.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { expect, inject, test } from "vitest";
import { startTemporaryPostgres } from "#test/support/embedded.ts";

const AHEAD =
  "select count(*)::int as ahead from pg_ls_waldir() where name > pg_walfile_name(pg_current_wal_insert_lsn())";

// So that the first commits of a burst do not wait for them to be made.
test.concurrent("a new cluster has its reserve of segments", async () => {
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

test.concurrent("a start that is killed, the server or the process that recovers, names the signal and the remedy", async () => {
  await using postgres = await startTemporaryPostgres({ from: inject("migratedCluster") });
  await postgres.stop();
  await writeFile(join(postgres.clusterDir, "recovery.signal"), "");
  for (const victims of ["$(head -n 1 postmaster.pid) $PPID", "$PPID"]) {
    // Postgres asks for the archive before anything else, and is killed by its own command.
    const settings = `restore_command = 'kill -9 ${victims}'\n`;
    await writeFile(join(postgres.clusterDir, "postgresql.auto.conf"), settings);
    await expect(postgres.restart(), victims).rejects.toThrow(
      "The embedded Postgres did not start: SIGKILL ended it, as systems do for lack of memory. Give the machine or its container more memory and start again.",
    );
  }
});
