// Invariant 6: the charts count what the lists hold.
import type { Counted, RunFacts, Slice, ToldRows, Violation } from "./logs.ts";

const MINUTE_MS = 60_000;
const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
const MEASURES = ["accepted", "duplicates", "events", "attempts"] as const;
type Measure = (typeof MEASURES)[number];

/** Invariant 6: per minute and key, what the charts say and what the lists hold. */
export function makeCounterCheck({ told, replays }: RunFacts) {
  const replayed = new Set(replays.map(({ eventId }) => eventId));
  const [ours, theirs] = [makeTally(replayed), makeTally(replayed)];
  return {
    add(slice: Slice): void {
      ours.add(slice.told.ours);
      theirs.add(slice.told.theirs);
    },
    end: (): Violation[] =>
      [...ours.findMiscounted(told.ours.counted), ...theirs.findMiscounted(told.theirs.counted)].map((sentence) => ({
        invariant: 6,
        sentence,
      })),
  };
}

/** Of one team: rows are added, and what the charts count is taken away; what is left is wrong. */
function makeTally(replayed: ReadonlySet<string>) {
  const counts = new Map<string, number>();
  const delivered = new Map<string, number>();
  // A replay of what was delivered is counted as delivered once more: such connections are left out of this sum.
  const again = new Set<string>();
  const add = (measure: Measure, key: string, minute: number, n = 1) => {
    const at = `${measure} of ${key} ${new Date(minute).toISOString().slice(0, 16)}`;
    counts.set(at, (counts.get(at) ?? 0) + n);
  };
  const deliver = (key: string, n: number) => delivered.set(key, (delivered.get(key) ?? 0) + n);
  return {
    add({ requests, events, attempts }: ToldRows): void {
      for (const { isAccepted, sourceId, duplicateOf, createdAtMs } of requests) {
        if (isAccepted) add("accepted", sourceId, minuteOf(createdAtMs));
        if (duplicateOf !== null) add("duplicates", sourceId, minuteOf(createdAtMs));
      }
      for (const { connectionId, createdAtMs } of attempts) add("attempts", connectionId, minuteOf(createdAtMs));
      for (const { id, connectionId, createdAtMs, status } of events) {
        add("events", connectionId, minuteOf(createdAtMs));
        if (replayed.has(id)) again.add(connectionId);
        if (status === "DELIVERED") deliver(connectionId, 1);
      }
    },
    findMiscounted(counted: readonly Counted[]): string[] {
      for (const one of counted) {
        for (const measure of MEASURES) add(measure, one.key, one.minuteMs, -one[measure]);
        deliver(one.key, -one.delivered);
      }
      const inAll = [...delivered]
        .filter(([key]) => !again.has(key))
        .map(([key, left]) => [`delivered of ${key} in all`, left] as const);
      return [...counts, ...inAll]
        .filter(([, left]) => left !== 0)
        .map(([at, left]) => `The charts count ${Math.abs(left)} too ${left > 0 ? "few" : "many"} ${at}.`);
    },
  };
}
