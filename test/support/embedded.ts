import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#server/start/embedded-postgres.ts";
import { findProcess } from "#server/start/process-table.ts";

export interface TemporaryPostgres extends EmbeddedPostgres {
  clusterDir: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where Linux keeps files in memory. */
const MEMORY_DIR = "/dev/shm";
/** Far more than the databases of all files that run at once. */
const ROOM_BYTES = 4 * 2 ** 30;
const LEFTOVER = /^switchyard-test-(\d+)-/;

/** Removes the clusters of processes that were killed: they hold memory until somebody does. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(MEMORY_DIR).catch(() => [])) {
    const pid = Number(LEFTOVER.exec(name)?.[1]);
    if (pid && (await findProcess(pid)) === undefined)
      await rm(join(MEMORY_DIR, name), { recursive: true, force: true });
  }
}

/** To copy the template's six hundred files costs a processor up to half a second on a disk, and a fiftieth of a second in memory. */
async function chooseParent(isDurable: boolean): Promise<string> {
  if (isDurable) return tmpdir();
  // Before the room is measured, which they may have used up.
  await removeLeftovers();
  const room = await statfs(MEMORY_DIR).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return Math.min(room, freemem()) < ROOM_BYTES ? tmpdir() : MEMORY_DIR;
}

/** A copy of the cluster in `from`, whose server does not run, with the rights of each file. `to` is its new directory. */
export async function copyStoppedCluster(from: string, to: string): Promise<void> {
  await promisify(execFile)("cp", ["-a", from, to]);
}

interface TemporaryOptions {
  /** False (the default) turns fsync off and keeps files in memory where there is room, which a test about crashes must not do. */
  isDurable?: boolean;
  /** A stopped cluster to begin with a copy of. Without it one is made, in seconds if it has to be durable. */
  from?: string | undefined;
}

/** A Postgres of its own, removed when disposed. */
export async function startTemporaryPostgres({
  isDurable = false,
  from,
}: TemporaryOptions = {}): Promise<TemporaryPostgres> {
  const directory = await mkdtemp(join(await chooseParent(isDurable), `switchyard-test-${process.pid}-`));
  const clusterDir = join(directory, "postgres");
  if (from !== undefined) await copyStoppedCluster(from, clusterDir);
  const postgres = await startEmbeddedPostgres({ clusterDir, isDurable });
  return {
    ...postgres,
    clusterDir,
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
