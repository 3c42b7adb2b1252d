// A file in DATA_DIR from before a restore makes its Postgres until it is whole. One that was killed while there was no table yet would
// look like a DATA_DIR that was never used, and a start would come up empty over it.
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrimaryClient } from "#server/database/primary-client.ts";
import { isRestoredWhole } from "#server/database/unfinished-restore.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { isErrorCode, StartError } from "./start-error.ts";

const noteIn = (dataDir: string) => join(dataDir, "restore-unfinished");

export const noteRestore = (dataDir: string): Promise<void> => writeFile(noteIn(dataDir), "", { mode: 0o600 });

export const forgetRestore = (dataDir: string): Promise<void> => rm(noteIn(dataDir), { force: true });

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (cause: unknown) => {
      if (isErrorCode(cause, "ENOENT")) return false;
      throw cause;
    },
  );

/** Asks the database of a cluster that no server runs over. */
async function isWhole(clusterDir: string, say: (sentence: string) => void): Promise<boolean> {
  if (!(await isThere(join(clusterDir, "PG_VERSION")))) return false;
  const postgres = await startEmbeddedPostgres({ clusterDir, say });
  try {
    const client = new PrimaryClient({ connectionString: postgres.url, application_name: "switchyard start" });
    await client.connect();
    return await isRestoredWhole(client).finally(() => client.end());
  } finally {
    await postgres.stop();
  }
}

/**
 * Forgets a restore into `dataDir` that was killed between its last commit and the end of its note. The caller holds the lock of `dataDir`.
 *
 * @throws StartError where a restore was begun and did not come to its last commit
 */
export async function settleRestore(dataDir: string, say: (sentence: string) => void): Promise<void> {
  if (!(await isThere(noteIn(dataDir)))) return;
  if (!(await isWhole(join(dataDir, "postgres"), say)))
    throw new StartError(
      `A restore into DATA_DIR ${dataDir} was broken off: run npm run admin -- restore FILE once more, which begins anew, and start then, or choose another DATA_DIR.`,
    );
  await forgetRestore(dataDir);
}
