// Times of recovery: how long the door gave no acknowledgement, and a receiver that is always well got nothing, after the last fault
// that explains it was over.
import type { FaultEntry, Limits, Receipt, Sent } from "./logs.ts";

/** As security demands it of whoever lost the database, and of work whose worker died on another machine. */
export const BARS_MS = { acknowledgement: 10_000, delivery: 45_000 };
type Work = keyof typeof BARS_MS;

/** Faults that stop the door or deliveries by themselves. Those of one receiver and of people stop neither. */
const STOPS_WORK = /^(?:gateway|worker|postgres|database|everything|rolling|fail-over|standby|disk|connections)/;
/** What comes after it is the product's own. Postgres is started again by the run itself. */
const IS_OVER_AT_ONCE = /^(?:gateway|worker|everything)-(?:kill|stop)$/;
/** All that is remembered of a long run. */
const TICKS_PER_SECOND = 10;

export interface Recovery {
  /** The fault, or `no fault`. */
  kind: string;
  work: Work;
  ms: number;
  /** Up to which the time ran. */
  to: string;
}

export interface Recoveries {
  /** The slowest of each work. */
  slowest: Recovery[];
  /** Those that took longer than they may, one sentence each. */
  late: string[];
}

export function makeRecoveries() {
  const acknowledged = new Set<number>();
  const delivered = new Map<string, Set<number>>();
  const tickOf = (ms: number) => Math.floor((ms * TICKS_PER_SECOND) / 1_000);
  return {
    addSent({ requestId, answeredAtMs }: Sent): void {
      if (requestId !== null) acknowledged.add(tickOf(answeredAtMs));
    },
    addReceipt({ destination, atMs }: Receipt): void {
      const ticks = delivered.get(destination) ?? new Set();
      delivered.set(destination, ticks.add(tickOf(atMs)));
    },
    /** @param loadEndedAtMs Unix time. A door that acknowledges nothing more is judged by it. */
    end(faults: readonly FaultEntry[], limits: readonly Limits[], loadEndedAtMs: number): Recoveries {
      const stops = faults.filter(({ kind }) => STOPS_WORK.test(kind));
      const measured = limits.filter(({ isMeasured }) => isMeasured).map(({ destination }) => destination);
      const all = [
        ...findRecoveries("acknowledgement", acknowledged, stops, loadEndedAtMs),
        ...measured.flatMap((name) => findRecoveries("delivery", delivered.get(name) ?? [], stops)),
      ].toSorted((a, b) => b.ms - a.ms);
      return {
        slowest: Object.keys(BARS_MS).flatMap((work) => all.find((one) => one.work === work) ?? []),
        late: all
          .filter(({ work, ms }) => ms > BARS_MS[work])
          .map(({ kind, work, ms, to }) => `${kind}: ${ms} ms to ${to}; ${BARS_MS[work]} are allowed.`),
      };
    },
  };
}

/** @param endMs of what would have brought more; without it the last one is the end */
function findRecoveries(
  work: Work,
  ticks: Iterable<number>,
  stops: readonly FaultEntry[],
  endMs = Number.NEGATIVE_INFINITY,
): Recovery[] {
  const came = Array.from(ticks, (tick) => (tick * 1_000) / TICKS_PER_SECOND).toSorted((a, b) => a - b);
  const isOpen = came.length > 0 && endMs > (came.at(-1) ?? endMs);
  const times = isOpen ? [...came, endMs] : came;
  const ends = stops.map(({ kind, fromMs, toMs }) => ({
    ...{ kind, fromMs },
    overAtMs: IS_OVER_AT_ONCE.test(kind) ? fromMs : toMs,
  }));
  return times.slice(1).map((nextMs, i) => {
    const lastMs = times[i] ?? nextMs;
    const between = ends.filter(({ fromMs, overAtMs }) => fromMs <= nextMs && overAtMs >= lastMs);
    const last = between.toSorted((a, b) => b.overAtMs - a.overAtMs)[0];
    const fromMs = Math.max(lastMs, last?.overAtMs ?? lastMs);
    const to = i + 1 < came.length ? `the next ${work}` : "the end of the load";
    return { kind: last?.kind ?? "no fault", work, ms: Math.max(0, Math.round(nextMs - fromMs)), to };
  });
}
