// The worker gives way to the door when both want the processor: senders wait for the door, nobody waits for the worker.
import { readFileSync, writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** A third of the door's weight. With less it starves beside busy backends of Postgres, and what was accepted is late. */
const NICE = 5;

/** Lowers this process, and on Linux its session too, where that is its own. */
export function giveWay(): void {
  // Whoever started it lower meant it, and to go up again takes a privilege.
  if (getPriority() < NICE) setPriority(NICE);
  if (isSessionLeader()) lowerSession();
}

/**
 * Linux can share the processor out among sessions first (sched(7), "The autogroup feature"), and each role is a session of
 * its own: its nice value alone would count against none of the others.
 */
function lowerSession(): void {
  try {
    writeFileSync("/proc/self/autogroup", String(NICE));
  } catch {
    // A kernel without autogroups has no such file, and goes by the nice value.
  }
}

/** Others may live in a session that somebody else leads, a shell for instance: they are not ours to lower. */
function isSessionLeader(): boolean {
  try {
    // The command in parentheses may hold spaces; the session is the fourth field behind it (proc_pid_stat(5)).
    const [, , , session] = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(session) === process.pid;
  } catch {
    return false;
  }
}
