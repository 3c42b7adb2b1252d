// The mark of a process: its machine, its number there and its start, by which others on that machine know for certain when it is gone.
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** Two processes never have the same mark. */
export interface ProcessMark {
  /** The host, its boot and the namespace that `pid` counts in: containers of one host may all have a process 1. */
  place: string;
  pid: number;
  /** Clock ticks from the boot to the start of the process: a pid is used again. */
  startedAt: string;
}

/** The fields of /proc/pid/stat after the command, which is in brackets and may hold spaces and brackets itself (proc(5)). */
export async function readStat(pid: number): Promise<string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** The state of a process, one letter, and the start of it in clock ticks, among those fields. */
const STATE = 0;
const STARTED_AT = 19;

export const isOver = (stat: readonly string[]) => stat[STATE] === "Z" || stat[STATE] === "X";
export const startOf = (stat: readonly string[]) => stat[STARTED_AT] ?? "";

/** Null where the system does not tell, as outside of Linux. */
export async function markOfThisProcess(): Promise<ProcessMark | null> {
  try {
    const [self, namespace, bootId] = await Promise.all([
      readlink("/proc/self"),
      readlink("/proc/self/ns/pid"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    const stat = await readStat(process.pid);
    // A /proc of another namespace shows other processes under these numbers.
    if (stat === undefined || self !== String(process.pid)) return null;
    const place = [hostname(), bootId.trim(), namespace].join(" ");
    return { place, pid: process.pid, startedAt: startOf(stat) };
  } catch {
    return null;
  }
}

/**
 * Whether a process of this place has ended for certain. False for one that is stopped or hangs, and where another user's
 * processes are hidden.
 */
export async function isGone({ pid, startedAt }: Omit<ProcessMark, "place">): Promise<boolean> {
  const stat = await readStat(pid);
  if (stat !== undefined) return isOver(stat) || startOf(stat) !== startedAt;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
