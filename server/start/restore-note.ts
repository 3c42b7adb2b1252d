// A file in DATA_DIR from before a restore makes its Postgres until it is whole. One that was killed while there was no table yet would
// look like a DATA_DIR that was never used, and a start would come up empty over it.
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode, StartError } from "./start-error.ts";

const noteIn = (dataDir: string) => join(dataDir, "restore-unfinished");

export const noteRestore = (dataDir: string): Promise<void> => writeFile(noteIn(dataDir), "", { mode: 0o600 });

export const forgetRestore = (dataDir: string): Promise<void> => rm(noteIn(dataDir), { force: true });

/** @throws StartError where a restore into `dataDir` was begun and not ended */
export async function refuseUnfinishedRestore(dataDir: string): Promise<void> {
  const isUnfinished = await stat(noteIn(dataDir)).then(
    () => true,
    (cause: unknown) => {
      if (isErrorCode(cause, "ENOENT")) return false;
      throw cause;
    },
  );
  if (isUnfinished)
    throw new StartError(
      `A restore into DATA_DIR ${dataDir} was broken off: run npm run admin -- restore FILE once more, which begins anew, and start then, or choose another DATA_DIR.`,
    );
}
