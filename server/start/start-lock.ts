import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SUPERVISOR_PATIENCE_MS } from "#server/process/stop-times.ts";
import { findProcess, isAlive, type ProcessIdentity, signalProcess, waitForExit } from "./process-table.ts";
import { isErrorCode, StartError } from "./start-error.ts";

const TRIES = 5;

/** A supervisor whose npm was killed notices within this time and begins to stop. */
const NOTICE_PATIENCE_MS = 1_500;
/** The roles take up to 5 s; then Postgres writes out what it holds, which a slow disk makes longer. */
const STOP_PATIENCE_MS = 60_000;

interface Holder extends ProcessIdentity {
  roles: ProcessIdentity[];
  isStopping: boolean;
}

export interface StartLock {
  /** Notes the role processes, for the next start to end them should this supervisor be killed. */
  noteRoles(pids: number[]): void;
  /** Tells the next start that waiting for this one is worth while. */
  noteStopping(): void;
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
    return {
      pid: holder.pid,
      startedAt: holder.startedAt,
      roles: holder.roles ?? [],
      isStopping: holder.isStopping === true,
    };
  } catch {
    return undefined; // cut short by a crash of the machine: nobody holds it
  }
}

async function endOrphans(roles: ProcessIdentity[]): Promise<void> {
  await Promise.all(
    roles.map(async (role) => {
      if (await isAlive(role)) signalProcess(role.pid, "SIGTERM");
      // Roles of a killed supervisor stop by themselves.
      if (await waitForExit(role, SUPERVISOR_PATIENCE_MS)) return;
      signalProcess(role.pid, "SIGKILL");
      await waitForExit(role, SUPERVISOR_PATIENCE_MS);
    }),
  );
}

/** Moves a stale lock away under a name of our own; another start may have done so first. */
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

function makeLock(path: string, note: (pids: number[], isStopping: boolean) => Promise<void>): StartLock {
  let noted = Promise.resolve();
  let roles: number[] = [];
  let isStopping = false;
  // One after the other, since each replaces the file. On a full disk the note is missing; that matters only if this
  // supervisor is killed and a role hangs as well.
  const update = () => {
    noted = noted.then(() => note(roles, isStopping)).catch(() => undefined);
  };
  return {
    noteRoles(pids) {
      roles = pids;
      update();
    },
    noteStopping() {
      isStopping = true;
      update();
    },
    async release() {
      await noted;
      await rm(path, { force: true });
    },
  };
}

const readHolder = async (path: string) => parseHolder(await readFile(path, "utf8").catch(() => ""));

/** Resolves once the supervisor that holds `path` is gone; throws if it lives and does not mean to stop. */
async function outlive(path: string, dataDir: string, say: (sentence: string) => void): Promise<void> {
  const startedAt = performance.now();
  let hasSaid = false;
  for (;;) {
    const holder = await readHolder(path);
    if (holder === undefined || !(await isAlive(holder))) return;
    const patienceMs = holder.isStopping ? STOP_PATIENCE_MS : NOTICE_PATIENCE_MS;
    if (performance.now() - startedAt > patienceMs) {
      throw new StartError(
        `Switchyard already runs on ${dataDir} (pid ${holder.pid}); stop it with kill ${holder.pid}, or set DATA_DIR, PORT and GATEWAY_PORT to run a second one.`,
      );
    }
    if (holder.isStopping && !hasSaid) say(`waiting for an earlier start to stop (pid ${holder.pid})`);
    hasSaid ||= holder.isStopping;
    await sleep(100);
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: unknown) => {
      if (isErrorCode(error, "EEXIST")) return false;
      throw error;
    },
  );
}

/**
 * Lets one supervisor at a time use `dataDir`, after one that is stopping. Throws {@link StartError} while another runs;
 * one that was killed does not count, and roles that outlived it are ended first.
 */
export async function takeStartLock(dataDir: string, say: (sentence: string) => void): Promise<StartLock> {
  const path = join(dataDir, "supervisor.json");
  const mine = `${path}.${process.pid}`;
  const self = (await identify(process.pid)) ?? { pid: process.pid, startedAt: "" };
  const write = (holder: Holder) => writeFile(mine, JSON.stringify(holder), { mode: 0o600 });
  for (let tries = 0; tries < TRIES; tries++) {
    await write({ ...self, roles: [], isStopping: false });
    const isMine = await tryLink(mine, path);
    await rm(mine, { force: true });
    if (isMine) {
      return makeLock(path, async (pids, isStopping) => {
        const roles = await Promise.all(pids.map(identify));
        await write({ ...self, roles: roles.filter((role) => role !== undefined), isStopping });
        await rename(mine, path);
      });
    }
    await outlive(path, dataDir, say);
    const text = await readFile(path, "utf8").catch(() => "");
    await endOrphans(parseHolder(text)?.roles ?? []);
    await removeStale(path, text);
  }
  throw new StartError(`${path} changes hands too fast; several starts run at once on ${dataDir}. Try again.`);
}
