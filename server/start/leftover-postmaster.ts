import { readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { findProcess, type ProcessInfo, signalProcess, waitForExit } from "./process-table.ts";
import { StartError } from "./start-error.ts";

const FAST_SHUTDOWN_PATIENCE_MS = 60_000;
const IMMEDIATE_SHUTDOWN_PATIENCE_MS = 10_000;
/** Postgres judges both by pid alone and would refuse to start over a zombie or a pid that another program got. */
const LOCK_FILES = ["postmaster.pid", ".s.PGSQL.5432.lock"];

/** The server of exactly this cluster, if the pid in its lock file is still that. */
async function findPostmaster(clusterDir: string): Promise<ProcessInfo | undefined> {
  const lines = (await readFile(join(clusterDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const found = await findProcess(pid);
  if (found === undefined || !found.command.includes("postgres")) return undefined;
  const place = await realpath(clusterDir);
  const isOurs = found.workingDir === undefined ? found.command.includes(place) : found.workingDir === place;
  return isOurs ? found : undefined;
}

/**
 * Stops the server that a killed supervisor left behind in `clusterDir` and clears lock files that nobody holds.
 * Should a backend still be attached, Postgres's own interlock on the directory's shared memory refuses the start.
 */
export async function clearLeftoverPostmaster(clusterDir: string, say: (sentence: string) => void): Promise<void> {
  const postmaster = await findPostmaster(clusterDir);
  if (postmaster !== undefined) {
    say(`stopping the Postgres that an earlier start left running (pid ${postmaster.pid})`);
    signalProcess(postmaster.pid, "SIGINT");
    if (!(await waitForExit(postmaster, FAST_SHUTDOWN_PATIENCE_MS))) {
      signalProcess(postmaster.pid, "SIGQUIT");
      if (!(await waitForExit(postmaster, IMMEDIATE_SHUTDOWN_PATIENCE_MS))) {
        throw new StartError(`A Postgres from an earlier start does not stop; end it with: kill -9 ${postmaster.pid}`);
      }
    }
  }
  for (const file of LOCK_FILES) await rm(join(clusterDir, file), { force: true });
}
