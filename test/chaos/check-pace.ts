// Invariants 5 and 8: order, rate and concurrency as the receiver sees them, and quiet where quiet was asked for.
import { isDeafened } from "./fault-causes.ts";
import type { Evidence, Limits, RunFacts, Slice, Violation } from "./logs.ts";

/** So much of a receipt is remembered until the end of a run, of destinations with an order or a measured rate. */
interface Seen {
  atMs: number;
  lateMs: number;
  endedAtMs: number;
  n: number;
  eventId: string;
  /** Null where it has no order. */
  key: string | null;
}

/** Invariant 5. Slices overlap in time, so it is judged at the end. */
export function makePaceCheck({ limits, replays }: RunFacts) {
  const replayed = new Set(replays.map(({ eventId }) => eventId));
  const judged = limits.filter(({ isOrdered, isMeasured, ratePerSecond }) => isOrdered || isMeasured || ratePerSecond);
  const seen = new Map<string, Seen[]>(judged.map(({ destination }) => [destination, []]));
  // One string for each key, not one for each request.
  const keys = new Map<string, string>();
  return {
    add({ sent, receipts }: Slice): void {
      for (const { key } of sent) if (!keys.has(key)) keys.set(key, key);
      const acknowledged = sent.filter(({ requestId }) => requestId !== null);
      const keyOf = new Map(acknowledged.map(({ n, key }) => [n, keys.get(key) ?? null]));
      for (const { destination, atMs, lateMs, endedAtMs, n, eventId } of receipts) {
        // Only what was acknowledged has an order: a sender who was refused sent the next one all the same.
        const key = replayed.has(eventId) ? null : (keyOf.get(n) ?? null);
        seen.get(destination)?.push({ atMs, lateMs, endedAtMs, n, eventId, key });
      }
    },
    end: (): Violation[] =>
      judged
        .flatMap((one) => {
          const inTime = (seen.get(one.destination) ?? []).sort((a, b) => a.atMs - b.atMs);
          return [
            ...(one.isOrdered ? findOvertakings(one, inTime) : []),
            ...(one.ratePerSecond === null ? [] : findBursts(one.destination, one.ratePerSecond, inTime)),
            ...(one.isMeasured ? findCrowds(one, inTime) : []),
          ];
        })
        .map((sentence) => ({ invariant: 5, sentence })),
  };
}

/** A repeat of the last one overtakes nobody. */
function findOvertakings({ destination }: Limits, receipts: readonly Seen[]): string[] {
  const last = new Map<string, number>();
  return receipts.flatMap(({ n, eventId, key }) => {
    if (key === null) return [];
    const before = last.get(key) ?? -1;
    last.set(key, Math.max(n, before));
    return n >= before ? [] : [`${destination}: of ${key} came ${n} (${eventId}) after ${before}.`];
  });
}

/** The receiver's own lateness may have drawn the first and the last of a window together. */
function findBursts(destination: string, rate: number, receipts: readonly Seen[]): string[] {
  return receipts.flatMap((first, i) => {
    const next = receipts[i + rate];
    if (!next) return [];
    const spanMs = next.atMs - (first.atMs - first.lateMs);
    return spanMs >= 1_000
      ? []
      : [`${destination} got ${rate + 1} within ${Math.round(spanMs)} ms; ${rate} a second are allowed.`];
  });
}

function findCrowds({ destination, concurrency }: Limits, receipts: readonly Seen[]): string[] {
  const steps = receipts.flatMap(({ atMs, endedAtMs }) => [
    { atMs, step: 1 },
    { atMs: endedAtMs, step: -1 },
  ]);
  let open = 0;
  let most = 0;
  for (const { step } of steps.toSorted((a, b) => a.atMs - b.atMs || a.step - b.step)) {
    open += step;
    most = Math.max(most, open);
  }
  return most <= concurrency ? [] : [`${destination} had ${most} at once; ${concurrency} are allowed.`];
}

/** From the answer to the last delivery, as the product promises, and for what was on its way through a busy machine. */
const QUIET_AFTER_MS = 1_000;
const ON_ITS_WAY_MS = 750;

export interface QuietCheck {
  violations: Violation[];
  /** Deliveries to a paused connection by a worker that was cut off from the database. */
  excused: number;
}

/** Invariant 8. */
export function checkQuiet({ quiets, receipts, faults }: Evidence): QuietCheck {
  const byConnection = Map.groupBy(receipts, ({ connectionId }) => connectionId);
  const violations: Violation[] = [];
  let excused = 0;
  for (const { connectionId, fromMs, toMs } of quiets) {
    for (const { eventId, atMs, lateMs } of byConnection.get(connectionId) ?? []) {
      if (atMs - lateMs <= fromMs + QUIET_AFTER_MS + ON_ITS_WAY_MS || atMs >= toMs) continue;
      if (isDeafened(faults, fromMs, atMs)) excused++;
      else
        violations.push({
          invariant: 8,
          sentence: `${eventId} came ${Math.round(atMs - fromMs)} ms after ${connectionId} was told to be quiet.`,
        });
    }
  }
  return { violations, excused };
}
