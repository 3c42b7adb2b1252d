// Invariants 3, 4, 7 and 9: what was delivered arrived as it was sent, was signed, and came again only for a reason.
import { findCauseOfRepeat, frozenMs } from "./fault-causes.ts";
import type { AttemptFact, Evidence, FaultEntry, Receipt, Replay, RunFacts, Slice, Violation } from "./logs.ts";
import { type Matched, matchAttempts } from "./matched-attempts.ts";
import { TIMEOUT_MS } from "./timeout.ts";

const isTaken = ({ status }: Receipt) => status >= 200 && status < 300;

/** A signature is no older on arrival, also where its bytes were held up. A worker that stood still meanwhile has its time added. */
const FRESH_MS = 60_000;

export interface Deliveries {
  receipts: Map<string, Receipt[]>;
  matched: Map<string, Matched>;
}

export function matchDeliveries({ receipts, told }: Evidence): Deliveries {
  const byEvent = Map.groupBy(
    receipts.toSorted((a, b) => a.atMs - b.atMs),
    ({ eventId }) => eventId,
  );
  const attempts = Map.groupBy([...told.ours.attempts, ...told.theirs.attempts], ({ eventId }) => eventId);
  const ids = new Set([...byEvent.keys(), ...attempts.keys()]);
  const matched = new Map(Array.from(ids, (id) => [id, matchAttempts(byEvent.get(id) ?? [], attempts.get(id) ?? [])]));
  return { receipts: byEvent, matched };
}

/** Invariant 3. */
export function checkDelivered({ sent, receipts, told }: Evidence, deliveries: Deliveries): Violation[] {
  const found = (sentence: string): Violation => ({ invariant: 3, sentence });
  const sentBy = new Map(sent.map((one) => [one.n, one]));
  const events = new Map([...told.ours.events, ...told.theirs.events].map((event) => [event.id, event]));
  const changed = receipts.flatMap((receipt) => {
    const origin = sentBy.get(receipt.n);
    const event = events.get(receipt.eventId);
    if (!event) return [found(`${receipt.eventId} came to ${receipt.destination} and the API does not know it.`)];
    if (origin?.hash !== receipt.hash) return [found(`${receipt.eventId} arrived with other bytes than were sent.`)];
    const isOwn = event.requestId === receipt.requestId && event.connectionId === receipt.connectionId;
    return isOwn ? [] : [found(`${receipt.eventId} arrived in the name of another request or connection.`)];
  });
  const missing = [...events.values()]
    .filter(({ id, status }) => status === "DELIVERED" && !deliveries.receipts.get(id)?.some(isTaken))
    .map(({ id }) => found(`${id} is DELIVERED and no receiver took it.`));
  const invented = [...deliveries.matched.values()]
    .flatMap(({ unreceived }) => unreceived)
    .filter(({ status }) => status !== null)
    .map(({ id, eventId, status }) => found(`${id} of ${eventId} was answered ${status} by nobody.`));
  return [...changed, ...missing, ...invented];
}

export interface Repeats {
  violations: Violation[];
  /** Receipts of events that had been taken before, by the kind of fault that explains them. */
  byCause: Map<string, number>;
}

/** Of one kill, freeze or cut: so many deliveries are on the wire or wait for their results to be stored. */
const MAX_PER_FAULT_FACTOR = 2;

/** Invariant 4, and that each receipt has its attempt. What one fault explains is counted over all slices. */
export function makeRepeatCheck({ faults, replays, limits }: RunFacts) {
  const byFault = new Map<FaultEntry, number>();
  const replayed = new Set(replays.map(({ eventId }) => eventId));
  let unheard = 0;

  /** Whether there is a reason why it came again after it was taken in `before`; the reason is counted. */
  function explain(before: Receipt, pairs: Matched["pairs"]): boolean {
    const cause = causeOf(faults, before);
    if (cause) byFault.set(cause, (byFault.get(cause) ?? 0) + 1);
    else if (pairs.some((pair) => pair.receipt === before && hasWaited(pair.attempt))) unheard++;
    else return false;
    return true;
  }

  function add(deliveries: Deliveries): Violation[] {
    const violations: Violation[] = [];
    const report = (sentence: string) => violations.push({ invariant: 4, sentence });
    for (const [eventId, { unrecorded, pairs }] of deliveries.matched) {
      for (const receipt of unrecorded) {
        if (!causeOf(faults, receipt))
          report(`${eventId} came to ${receipt.destination} at ${at(receipt.atMs)} and no attempt tells of it.`);
      }
      if (replayed.has(eventId)) continue;
      const taken = (deliveries.receipts.get(eventId) ?? []).filter(isTaken);
      for (const [i, receipt] of taken.entries()) {
        const before = taken[i - 1];
        if (before && !explain(before, pairs))
          report(
            `${eventId} was taken by ${receipt.destination} at ${at(before.atMs)} and again at ${at(receipt.atMs)}, and no fault explains it.`,
          );
      }
    }
    return violations;
  }

  function end(): Repeats {
    const room = MAX_PER_FAULT_FACTOR * limits.reduce((sum, { concurrency }) => sum + concurrency, 0);
    const violations = [...byFault]
      .filter(([{ kind }, count]) => kind.startsWith("worker-") && count > room)
      .map(([{ kind, target }, count]) => `${kind} of ${target} led to ${count} repeats; ${room} can be under way.`)
      .map((sentence) => ({ invariant: 4, sentence }));
    const byCause = new Map<string, number>();
    for (const [{ kind }, count] of byFault) byCause.set(kind, (byCause.get(kind) ?? 0) + count);
    if (unheard > 0) byCause.set(UNHEARD, unheard);
    return { violations, byCause };
  }

  return { add, end };
}

/** On a machine that has no processor to spare an answer may lie in the socket of a worker until its time is over. */
const UNHEARD = "time-out of an attempt";
const hasWaited = ({ errorCode, latencyMs }: AttemptFact) => errorCode === "TIMEOUT" && latencyMs >= TIMEOUT_MS;

const at = (ms: number) => new Date(ms).toISOString().slice(11, 23);

const causeOf = (faults: readonly FaultEntry[], { destination, atMs, endedAtMs }: Receipt) =>
  findCauseOfRepeat(faults, { destination, fromMs: atMs, toMs: endedAtMs });

/** Invariant 7. */
export function checkSignatures({ receipts, faults }: Evidence): Violation[] {
  return receipts.flatMap(({ eventId, destination, isSigned, signedAtMs, atMs }) => {
    if (!isSigned) return [{ invariant: 7, sentence: `${eventId} came to ${destination} with a wrong signature.` }];
    const ageMs = atMs - signedAtMs;
    const isFresh = (ageMs < FRESH_MS || ageMs < FRESH_MS + frozenMs(faults, signedAtMs, atMs)) && ageMs > -FRESH_MS;
    return isFresh
      ? []
      : [
          {
            invariant: 7,
            sentence: `${eventId} came to ${destination} with a signature of ${Math.round(ageMs)} ms ago.`,
          },
        ];
  });
}

/** Invariant 9. A replayed event is in one of the slices. */
export function makeReplayCheck({ replays }: Pick<RunFacts, "replays">) {
  const missing = new Set(replays.map(({ eventId }) => eventId));
  const found = (sentence: string): Violation => ({ invariant: 9, sentence });

  function judge({ eventId, before }: Replay, now: readonly AttemptFact[]): Violation[] {
    const byId = new Map(now.map((attempt) => [attempt.id, attempt]));
    const changed = before.filter((attempt) => !isSame(attempt, byId.get(attempt.id)));
    const isAdded = now.some((attempt) => attempt.trigger === "MANUAL" && !before.some(({ id }) => id === attempt.id));
    return [
      ...changed.map(({ id }) => found(`${id} of ${eventId} is not what it was before the replay.`)),
      ...(isAdded ? [] : [found(`${eventId} was replayed, and no attempt tells of it.`)]),
    ];
  }

  return {
    add({ told }: Slice): Violation[] {
      const replayed = new Map(replays.map(({ eventId }) => [eventId, [] as AttemptFact[]]));
      for (const attempt of [...told.ours.attempts, ...told.theirs.attempts])
        replayed.get(attempt.eventId)?.push(attempt);
      return replays.flatMap((replay) => {
        const now = replayed.get(replay.eventId) ?? [];
        return now.length > 0 && missing.delete(replay.eventId) ? judge(replay, now) : [];
      });
    },
    end: (): Violation[] =>
      [...missing].map((eventId) => found(`${eventId} was replayed, and no attempt tells of it.`)),
  };
}

const isSame = (before: AttemptFact, now: AttemptFact | undefined) =>
  now !== undefined && (Object.keys(before) as (keyof AttemptFact)[]).every((field) => before[field] === now[field]);
