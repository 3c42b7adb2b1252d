// The worker's priority: below the door's, because senders wait for the door and nobody waits for the worker.
import { readFileSync, writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/**
 * A third of the door's weight. A lower one starves the worker beside busy backends of Postgres, and deliveries fall
 * behind.
 */
const NICE = 5;
/** A door that has accepted nothing for this long needs no priority. */
const QUIET_MS = 1_000;
const SESSION_FILE = "/proc/self/autogroup";

export interface WorkerPriority {
  /** Keeps the session lowered: the door has accepted something just now. */
  doorIsBusy(): void;
}

/**
 * Lowers the priority of this process for good, since raising it again takes a privilege. On Linux it also lowers the
 * session, where the process leads one, for as long as the door is busy. Linux may share the processor out among sessions
 * first (sched(7), "The autogroup feature"), and each role is a session of its own: there the nice value of the process
 * alone counts against none of the others.
 */
export function lowerPriority(quietMs = QUIET_MS): WorkerPriority {
  // A lower priority was given on purpose by whoever started the process.
  if (getPriority() < NICE) setPriority(NICE);
  const usualNice = isSessionLeader() ? readSessionNice() : null;
  if (usualNice === null || usualNice >= NICE) return { doorIsBusy() {} };

  let isLowered = setSessionNice(NICE);
  let busyAtMs = performance.now();
  const goUpWhenQuiet = () => {
    if (isLowered && performance.now() - busyAtMs >= quietMs) isLowered = !setSessionNice(usualNice);
  };
  setInterval(goUpWhenQuiet, quietMs).unref();
  return {
    doorIsBusy() {
      busyAtMs = performance.now();
      if (!isLowered) isLowered = setSessionNice(NICE);
    },
  };
}

/** Null on a kernel without autogroups, and for a process that is in none. */
function readSessionNice(): number | null {
  try {
    const [, nice] = / nice (-?\d+)$/.exec(readFileSync(SESSION_FILE, "utf8").trim()) ?? [];
    return nice === undefined ? null : Number(nice);
  } catch {
    return null;
  }
}

/** Returns false when the kernel refuses: it takes about one change in a tenth of a second, from all sessions together. */
function setSessionNice(nice: number): boolean {
  try {
    writeFileSync(SESSION_FILE, String(nice));
    return true;
  } catch {
    return false;
  }
}

/** A process in somebody else's session, a shell's for instance, must not lower that session. */
function isSessionLeader(): boolean {
  try {
    // The command in parentheses may hold spaces; the session is the fourth field behind it (proc_pid_stat(5)).
    const [, , , session] = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(session) === process.pid;
  } catch {
    return false;
  }
}
