// Invariants 5, 6 and 8: order, rate and concurrency as the receiver sees them, quiet where quiet was asked for, and counters.
import { isDeafened } from "./fault-causes.ts";
import type { Counted, Evidence, Limits, Receipt, Told, Violation } from "./logs.ts";

/** Invariant 5. */
export function checkPace(evidence: Evidence): Violation[] {
  const byDestination = Map.groupBy(evidence.receipts, ({ destination }) => destination);
  return evidence.limits
    .flatMap((limits) => {
      const receipts = (byDestination.get(limits.destination) ?? []).toSorted((a, b) => a.atMs - b.atMs);
      return [
        ...(limits.isOrdered ? findOvertakings(evidence, limits, receipts) : []),
        ...(limits.ratePerSecond === null ? [] : findBursts(limits.destination, limits.ratePerSecond, receipts)),
        ...(limits.isMeasured ? findCrowds(limits, receipts) : []),
      ];
    })
    .map((sentence) => ({ invariant: 5, sentence }));
}

/** Only what was acknowledged has an order: a sender who was refused sent the next one all the same. A repeat of the last one is none. */
function findOvertakings({ sent, replays }: Evidence, { destination }: Limits, receipts: readonly Receipt[]): string[] {
  const keys = new Map(sent.filter(({ requestId }) => requestId !== null).map(({ n, key }) => [n, key]));
  const replayed = new Set(replays.map(({ eventId }) => eventId));
  const last = new Map<string, number>();
  return receipts.flatMap(({ n, eventId }) => {
    const key = keys.get(n);
    if (key === undefined || replayed.has(eventId)) return [];
    const before = last.get(key) ?? -1;
    last.set(key, Math.max(n, before));
    return n >= before ? [] : [`${destination}: of ${key} came ${n} (${eventId}) after ${before}.`];
  });
}

/** The receiver's own lateness may have drawn the first and the last of a window together. */
function findBursts(destination: string, rate: number, receipts: readonly Receipt[]): string[] {
  return receipts.flatMap((first, i) => {
    const next = receipts[i + rate];
    if (!next) return [];
    const spanMs = next.atMs - (first.atMs - first.lateMs);
    return spanMs >= 1_000
      ? []
      : [`${destination} got ${rate + 1} within ${Math.round(spanMs)} ms; ${rate} a second are allowed.`];
  });
}

function findCrowds({ destination, concurrency }: Limits, receipts: readonly Receipt[]): string[] {
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

const MINUTE_MS = 60_000;
const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
type Measure = Exclude<keyof Counted, "key" | "minuteMs">;

/** Invariant 6: per minute and key, what the charts say and what the lists hold. */
export function checkCounters({ told, replays }: Evidence): Violation[] {
  const replayed = new Set(replays.map(({ eventId }) => eventId));
  return [told.ours, told.theirs]
    .flatMap((team) => findMiscounted(team, replayed))
    .map((sentence) => ({ invariant: 6, sentence }));
}

function findMiscounted(told: Told, replayed: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  const add = (measure: Measure, key: string, minute: number | "in all", n = 1) => {
    const at = `${measure} of ${key} ${typeof minute === "number" ? new Date(minute).toISOString().slice(0, 16) : minute}`;
    counts.set(at, (counts.get(at) ?? 0) + n);
  };
  for (const { isAccepted, sourceId, duplicateOf, createdAtMs } of told.requests) {
    if (isAccepted) add("accepted", sourceId, minuteOf(createdAtMs));
    if (duplicateOf !== null) add("duplicates", sourceId, minuteOf(createdAtMs));
  }
  for (const { connectionId, createdAtMs } of told.events) add("events", connectionId, minuteOf(createdAtMs));
  for (const { connectionId, createdAtMs } of told.attempts) add("attempts", connectionId, minuteOf(createdAtMs));
  // A replay of what was delivered is counted as delivered once more: such connections are left out of this sum.
  const again = new Set(told.events.filter(({ id }) => replayed.has(id)).map(({ connectionId }) => connectionId));
  for (const { connectionId, status } of told.events) {
    if (status === "DELIVERED" && !again.has(connectionId)) add("delivered", connectionId, "in all");
  }
  for (const { key, minuteMs, accepted, duplicates, events, attempts, delivered } of told.counted) {
    add("accepted", key, minuteMs, -accepted);
    add("duplicates", key, minuteMs, -duplicates);
    add("events", key, minuteMs, -events);
    add("attempts", key, minuteMs, -attempts);
    if (!again.has(key)) add("delivered", key, "in all", -delivered);
  }
  return [...counts]
    .filter(([, left]) => left !== 0)
    .map(([at, left]) => `The charts count ${Math.abs(left)} too ${left > 0 ? "few" : "many"} ${at}.`);
}
