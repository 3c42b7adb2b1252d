// A file in DATA_DIR from before a restore makes its Postgres until it is whole. One that was killed while there was no table yet would
// look like a DATA_DIR that was never used, and a start would come up empty over it.
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrimaryClient } from "#server/database/primary-client.ts";
import { isRestoredWhole } from "#server/database/unfinished-restore.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { isErrorCode, StartError } from "./start-error.ts";

const noteIn = (dataDir: string) => join(dataDir, "restore-unfinished");

/** In the note once the database has the restore's own mark: before that, tables in it are somebody else's. */
const MARKED = "marked";

export const noteRestore = (dataDir: string): Promise<void> => writeFile(noteIn(dataDir), "", { mode: 0o600 });

/** Adds to a note that the database has its mark. Where there is no note it makes none. */
export const noteMark = (dataDir: string): Promise<void> =>
  writeFile(noteIn(dataDir), MARKED, { flag: "r+" }).catch(unlessMissing);

/** Takes that back, before a restore that begins anew takes the mark out of the database. */
export const noteNoMark = (dataDir: string): Promise<void> => truncate(noteIn(dataDir)).catch(unlessMissing);

export const forgetRestore = (dataDir: string): Promise<void> => rm(noteIn(dataDir), { force: true });

function unlessMissing(cause: unknown): undefined {
  if (!isErrorCode(cause, "ENOENT")) throw cause;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path)
    .then(() => true, unlessMissing)
    .then(Boolean);

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
  const note = await readFile(noteIn(dataDir), "utf8").catch(unlessMissing);
  if (note === undefined) return;
  const hasTables = await isWhole(join(dataDir, "postgres"), say);
  if (note === MARKED && hasTables) return forgetRestore(dataDir);
  throw new StartError(
    hasTables
      ? `A restore into DATA_DIR ${dataDir} was broken off before it had begun, and its Postgres has tables that may be of somebody else: restore into another DATA_DIR, or remove ${noteIn(dataDir)} to start with what is there.`
      : `A restore into DATA_DIR ${dataDir} was broken off: run npm run admin -- restore FILE once more, which begins anew, and start then, or choose another DATA_DIR.`,
  );
}
