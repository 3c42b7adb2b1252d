// The process table of the system. A pid alone proves nothing: it may be a zombie, or another program that got the number
// later.
import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isOver, readStat, startOf } from "#server/process/process-mark.ts";

export interface ProcessInfo {
  pid: number;
  parentPid: number;
  /** Opaque; two processes that get the same pid one after the other differ in it. */
  startedAt: string;
  command: string;
  /** Undefined where the system or another owner hides it. */
  workingDir: string | undefined;
}

async function findOnLinux(pid: number): Promise<ProcessInfo | undefined> {
  const fields = await readStat(pid);
  if (fields === undefined || isOver(fields)) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const workingDir = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  const command = commandLine.replaceAll("\0", " ").trim();
  return { pid, parentPid: Number(fields[1]), startedAt: startOf(fields), command, workingDir };
}

async function findWithPs(pid: number): Promise<ProcessInfo | undefined> {
  const run = promisify(execFile);
  const result = await run("ps", ["-o", "stat=,ppid=,lstart=,command=", "-p", String(pid)]).catch(() => undefined);
  const match = /^(\S+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(result?.stdout.trim() ?? "");
  if (match === null || match[1]?.startsWith("Z")) return undefined;
  return {
    pid,
    parentPid: Number(match[2]),
    startedAt: match[3] ?? "",
    command: match[4] ?? "",
    workingDir: undefined,
  };
}

/** The living process with this pid; undefined for none and for a zombie. */
export const findProcess = (pid: number): Promise<ProcessInfo | undefined> =>
  process.platform === "linux" ? findOnLinux(pid) : findWithPs(pid);

export type ProcessIdentity = Pick<ProcessInfo, "pid" | "startedAt">;

/** Whether exactly that process, and not a later one with its pid, is alive. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await findProcess(pid))?.startedAt === startedAt;
}

/** Sends a signal unless the process is gone meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Waits until that process is gone; resolves to false if it still lives after `patienceMs`. */
export async function waitForExit(identity: ProcessIdentity, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (await isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
