// The time in which a lane counts against rates, and in which its breaker waits.
import type { Clock } from "#server/process/clock.ts";
import type { Lane } from "./lane-tools.ts";
import type { Pace } from "./pace.ts";
import type { RateLog } from "./rate-window.ts";

/**
 * The time of the database as a lane knows it: what the database said when the lease was acquired, and what has gone by since on the
 * lane's monotonic clock. Lanes that follow each other on different machines so count in one time, and a wall clock that is wrong, or is set
 * while the lane works, moves no rate. Behind the database's by at most the time that its answer took, never ahead.
 *
 * @param databaseNowMs Unix time, as the database said
 * @param answeredAtMs monotonic time at which that was known here
 */
export function databaseClock(clock: Clock, databaseNowMs: number, answeredAtMs: number): Clock {
  return { ...clock, nowMs: () => Math.floor(databaseNowMs + clock.monotonicMs() - answeredAtMs) };
}

/** A pace that is asked by the wall clock, as all else in a lane is, and counts by the shared one. Waits end by the wall clock. */
export function byTheSharedClock(pace: Pace, { clock, sharedClock }: Pick<Lane, "clock" | "sharedClock">): Pace {
  return {
    ...pace,
    configure: (limits, holdBecause) => pace.configure(limits, holdBecause, sharedClock.nowMs()),
    next() {
      const nowMs = sharedClock.nowMs();
      const next = pace.next(nowMs);
      return next.kind === "wait" ? { kind: "wait", untilMs: next.untilMs - nowMs + clock.nowMs() } : next;
    },
    learn: (outcome) => pace.learn(outcome, sharedClock.nowMs()),
    rateLog: () => pace.rateLog(sharedClock.nowMs()),
  };
}

/** The log in the time of the database, of a lane whose shared clock may be behind it by `clockErrorMs`. */
export const atTheLatest = (log: RateLog, clockErrorMs: number): RateLog =>
  log.map(([untilMs, count]) => [untilMs === null ? null : Math.ceil(untilMs + clockErrorMs), count]);

/** The sends that a lane which takes over must count. Null without a rate limit. */
export function rateLogOf(pace: Pace, { sharedClock, lease }: Pick<Lane, "sharedClock" | "lease">): RateLog | null {
  const log = pace.rateLog(sharedClock.nowMs());
  return log && atTheLatest(log, lease.clockErrorMs);
}
