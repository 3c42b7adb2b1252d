// The time of the database as this process knows it, whatever the clock of its machine says. What is due at once is written with the earliest
// that it may be, and lanes look with the latest: no difference between the clocks of two machines makes such an event wait.
import type { Clock } from "#server/process/clock.ts";
import type { Queryable } from "./db.ts";

export interface DatabaseTime {
  /** Asks for the time: what is routed as it is told, and sent elsewhere, comes without a statement that says it. */
  ask(db: Queryable): Promise<void>;
  /**
   * Takes down what a statement said of the time.
   * @param databaseNowMs Unix time by the clock of the database, while the statement ran
   * @param askedAtMs monotonic time at which the statement was sent
   */
  heard(databaseNowMs: number, askedAtMs: number): void;
  /** Unix time in milliseconds that the clock of the database has reached. Before anything was heard, that of this machine. */
  earliestMs(): number;
  /** Unix time in milliseconds that the clock of the database has not passed. Before anything was heard, that of this machine. */
  latestMs(): number;
}

interface Heard {
  databaseNowMs: number;
  askedAtMs: number;
  answeredAtMs: number;
}

/** Two clocks that nobody sets differ by less, in milliseconds for each of them: 500 ppm is the most that time services correct. */
const DRIFT = 0.0005;

/** Keeps the most exact of what was heard, for as long as nothing newer is as exact or says otherwise: the database may have been set, or be another. */
export function makeDatabaseTime(clock: Clock): DatabaseTime {
  let last: Heard | null = null;
  const driftMs = ({ answeredAtMs }: Heard) => (clock.monotonicMs() - answeredAtMs) * DRIFT;
  const earliest = (heard: Heard) => heard.databaseNowMs + clock.monotonicMs() - heard.answeredAtMs - driftMs(heard);
  const latest = (heard: Heard) => heard.databaseNowMs + clock.monotonicMs() - heard.askedAtMs + driftMs(heard);
  const errorMs = (heard: Heard) => latest(heard) - earliest(heard);
  const time: DatabaseTime = {
    async ask(db) {
      const askedAtMs = clock.monotonicMs();
      const { rows } = await db.query("select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms");
      time.heard(rows[0].now_ms, askedAtMs);
    },
    heard(databaseNowMs, askedAtMs) {
      const heard = { databaseNowMs, askedAtMs, answeredAtMs: clock.monotonicMs() };
      const agrees = last && earliest(heard) <= latest(last) && earliest(last) <= latest(heard);
      if (!last || !agrees || errorMs(heard) <= errorMs(last)) last = heard;
    },
    earliestMs: () => (last ? Math.floor(earliest(last)) : clock.nowMs()),
    latestMs: () => (last ? Math.ceil(latest(last)) : clock.nowMs()),
  };
  return time;
}
