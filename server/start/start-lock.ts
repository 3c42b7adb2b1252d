import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findProcess, isAlive, type ProcessIdentity, signalProcess, waitForExit } from "./process-table.ts";
import { isErrorCode, StartError } from "./start-error.ts";

/** Roles of a killed supervisor stop by themselves; one that hangs is not waited for longer than this. */
const ORPHAN_PATIENCE_MS = 5_000;
const TRIES = 5;

interface Holder extends ProcessIdentity {
  roles: ProcessIdentity[];
}

export interface StartLock {
  /** Notes the role processes, for the next start to end them should this supervisor be killed. */
  noteRoles(pids: number[]): void;
  release(): Promise<void>;
}

async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const found = await findProcess(pid);
  return found && { pid, startedAt: found.startedAt };
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    if (typeof holder?.pid !== "number" || typeof holder.startedAt !== "string") return undefined;
    return { pid: holder.pid, startedAt: holder.startedAt, roles: holder.roles ?? [] };
  } catch {
    return undefined; // cut short by a crash of the machine: nobody holds it
  }
}

async function endOrphans(roles: ProcessIdentity[]): Promise<void> {
  await Promise.all(
    roles.map(async (role) => {
      if (await isAlive(role)) signalProcess(role.pid, "SIGTERM");
      if (await waitForExit(role, ORPHAN_PATIENCE_MS)) return;
      signalProcess(role.pid, "SIGKILL");
      await waitForExit(role, ORPHAN_PATIENCE_MS);
    }),
  );
}

/** Puts a stale lock away under a name of our own; another start may have done so first. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside).catch((error: unknown) => {
    if (!isErrorCode(error, "ENOENT")) throw error;
  });
  const moved = await readFile(aside, "utf8").catch(() => undefined);
  // Somebody took the lock between our look and our rename: give it back.
  if (moved !== undefined && moved !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function makeLock(path: string, note: (pids: number[]) => Promise<void>): StartLock {
  let noted = Promise.resolve();
  return {
    noteRoles(pids) {
      // One after the other, since each replaces the file. On a full disk the note is missing, and that only matters
      // if this supervisor is killed and a role hangs as well.
      noted = noted.then(() => note(pids)).catch(() => undefined);
    },
    async release() {
      await noted;
      await rm(path, { force: true });
    },
  };
}

/**
 * Lets one supervisor at a time use `dataDir`. Throws {@link StartError} while another lives; one that was killed does
 * not count, and roles that outlived it are ended first.
 */
export async function takeStartLock(dataDir: string): Promise<StartLock> {
  const path = join(dataDir, "supervisor.json");
  const mine = `${path}.${process.pid}`;
  const self = (await identify(process.pid)) ?? { pid: process.pid, startedAt: "" };
  const write = (roles: ProcessIdentity[]) => writeFile(mine, JSON.stringify({ ...self, roles }), { mode: 0o600 });
  for (let tries = 0; tries < TRIES; tries++) {
    await write([]);
    const isTaken = await link(mine, path).then(
      () => false,
      (error: unknown) => {
        if (isErrorCode(error, "EEXIST")) return true;
        throw error;
      },
    );
    await rm(mine, { force: true });
    if (!isTaken) {
      return makeLock(path, async (pids) => {
        const roles = await Promise.all(pids.map(identify));
        await write(roles.filter((role) => role !== undefined));
        await rename(mine, path);
      });
    }
    const text = await readFile(path, "utf8").catch(() => "");
    const holder = parseHolder(text);
    if (holder !== undefined && (await isAlive(holder))) {
      throw new StartError(
        `Switchyard already runs on ${dataDir} (pid ${holder.pid}); stop it with kill ${holder.pid}, or set DATA_DIR, PORT and GATEWAY_PORT to run a second one.`,
      );
    }
    await endOrphans(holder?.roles ?? []);
    await removeStale(path, text);
  }
  throw new StartError(`${path} changes hands too fast; several starts run at once on ${dataDir}. Try again.`);
}
