// The worker gives way to the door when both want the processor: senders wait for the door, nobody waits for the worker.
import { readFileSync, writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** A third of the door's weight. With less it starves beside busy backends of Postgres, and what was accepted is late. */
const NICE = 5;
/** A door that has accepted nothing for this long leaves the processor to whoever has a backlog. */
const QUIET_MS = 1_000;
const SESSION_FILE = "/proc/self/autogroup";

export interface Courtesy {
  /** The door has accepted something. */
  doorIsBusy(): void;
}

/**
 * Lowers this process for good, since to go up again takes a privilege; and on Linux its session, where that is its own, for
 * as long as the door is busy. Linux can share the processor out among sessions first (sched(7), "The autogroup feature"),
 * and each role is a session of its own: then its nice value alone counts against none of the others.
 */
export function giveWay(quietMs = QUIET_MS): Courtesy {
  // Whoever started it lower meant it.
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

/** False when the kernel would not: it takes a change or so in a tenth of a second, from all sessions together. */
function setSessionNice(nice: number): boolean {
  try {
    writeFileSync(SESSION_FILE, String(nice));
    return true;
  } catch {
    return false;
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
