// The pace of a lane: concurrency, rate and breaker of one destination, and whether it may send at all. Pure: the lane asks
// what it may do now, does it, and reports the outcome of each send. Time is an argument.
import type { DestinationLimits } from "#server/contracts/destination-limits.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import { maintenanceAt } from "#server/contracts/maintenance-times.ts";
import { type BreakerRecord, CLOSED } from "#server/events/breaker-record.ts";
import { type Answer, admit, follow, learn, learnOfProbe, probe, rampAfter } from "./breaker.ts";
import { makeRateWindow, type RateLog } from "./rate-window.ts";

/** The settings of a destination that bound its pace. */
export type Limits = Pick<
  DestinationLimits,
  "concurrency" | "rate_limit" | "rate_limit_period" | "breaker" | "maintenance_windows"
>;

export type Next =
  | { kind: "send"; count: number; isProbe?: true }
  /** Nothing may start before `untilMs`. `Infinity`: not before the next outcome. */
  | { kind: "wait"; untilMs: number }
  /** Nothing may go to this destination: due events are held for this reason, and until then where that is known. */
  | { kind: "hold"; because: HoldReason; untilMs?: number };

/** Whether what comes is held for the breaker. */
export const holdsBack = (next: Next): boolean => next.kind === "hold" && next.because === "breaker_open";

export type Outcome =
  /** These events are about to be sent, and count from now on. */
  | { kind: "started"; eventIds: string[] }
  /** The bytes of the send have left for the receiver. */
  | { kind: "left"; eventId: string }
  /**
   * The send is over. `latencyMs` is null when the receiver was not tried, and so is `answer` when nothing is known of it.
   * `lastEventId` is that of a send of many events: the next probe is one behind it.
   */
  | { kind: "ended"; eventId: string; latencyMs: number | null; answer?: Answer | null; lastEventId?: string | null };

type Ended = Extract<Outcome, { kind: "ended" }>;

export interface Pace {
  /** Today's limits and the reason to hold, if there is one. Sends already made keep counting. */
  configure(limits: Limits, holdBecause: HoldReason | null, nowMs: number): void;
  next(nowMs: number): Next;
  learn(outcome: Outcome, nowMs: number): void;
  /** Sends that have started and not ended. */
  onWire(): number;
  /** The sends that a lane which takes over must count. Null without a rate limit. */
  rateLog(nowMs: number): RateLog | null;
  /** Whether the receiver was slow on average: in this turn, or in an earlier one when this turn has sent nothing. */
  isSlow(): boolean;
  breaker(): BreakerRecord;
  /** Whether the breaker has let this event go to see how the receiver is. */
  isProbe(eventId: string): boolean;
}

/** What the lane before this one knew. */
export interface Earlier {
  isSlow: boolean;
  rateLog: RateLog | null;
  breaker: BreakerRecord | null;
}

/** After this long a live receiver has seen what was sent to it. */
const MAX_TRAVEL_MS = 1_000;
/** A receiver this slow on average gets its turns in the slow pool. */
const SLOW_LATENCY_MS = 2_000;

/**
 * A send counts against the rate for a period that begins when its receiver has surely seen it: at its answer, or
 * `MAX_TRAVEL_MS` after its bytes left. If the period began when the bytes left, slow sends would reach the receiver
 * together with those of the next period. A send of which no byte left does not count once it is over.
 */
interface Send {
  leftAtMs: number | null;
  isCounted: boolean;
}

/** @param nowMs when this lane took over */
export function makePace(earlier: Earlier, limits: Limits, nowMs: number): Pace {
  const window = makeRateWindow(limits.rate_limit, limits.rate_limit_period, earlier.rateLog, nowMs);
  const sends = new Map<string, Send>();
  let { concurrency, breaker: settings } = limits;
  let breaker = earlier.breaker ?? CLOSED;
  let probing: string | null = null;
  let holdBecause: HoldReason | null = null;
  let windowEndMs: number | null = null;
  let tries = 0;
  let totalLatencyMs = 0;

  /**
   * Counts the sends that have surely arrived. Returns how many may still be travelling, and when the first of those can be
   * forgotten.
   */
  function countArrived(now: number): { underWay: number; freeAtMs: number } {
    let underWay = 0;
    let freeAtMs = Number.POSITIVE_INFINITY;
    for (const send of sends.values()) {
      if (send.isCounted) continue;
      const seenAtMs = (send.leftAtMs ?? Number.POSITIVE_INFINITY) + MAX_TRAVEL_MS;
      if (seenAtMs <= now) {
        window.count(seenAtMs);
        send.isCounted = true;
      } else {
        underWay++;
        freeAtMs = Math.min(freeAtMs, window.countsUntilMs(seenAtMs));
      }
    }
    return { underWay, freeAtMs };
  }

  function start(eventIds: string[], now: number): void {
    for (const id of eventIds) sends.set(id, { leftAtMs: null, isCounted: false });
    const [first] = eventIds;
    if (first === undefined || admit(breaker, settings, { concurrency, nowMs: now }).kind !== "probe") return;
    probing = first;
    breaker = probe(breaker, settings, first, now);
  }

  function learnOf({ eventId, answer, lastEventId }: Ended, now: number): void {
    const isProbe = eventId === probing;
    if (isProbe) probing = null;
    if (answer) breaker = (isProbe ? learnOfProbe : learn)(breaker, settings, answer, now);
    if (isProbe && lastEventId) breaker = { ...breaker, probed: lastEventId };
  }

  function end(eventId: string, latencyMs: number | null, now: number): void {
    const send = sends.get(eventId);
    if (!send) return;
    sends.delete(eventId);
    if (send.leftAtMs !== null && !send.isCounted) window.count(now);
    if (latencyMs === null) return;
    tries++;
    totalLatencyMs += latencyMs;
  }

  return {
    configure(newLimits, newHoldBecause, now) {
      concurrency = newLimits.concurrency;
      settings = newLimits.breaker;
      const { untilMs, endedMs } = maintenanceAt(newLimits.maintenance_windows, now);
      breaker = rampAfter(follow(breaker, settings, now), settings, endedMs, now);
      holdBecause = newHoldBecause;
      windowEndMs = untilMs;
      window.configure(newLimits.rate_limit, newLimits.rate_limit_period);
    },
    next(now) {
      if (holdBecause === "maintenance" && windowEndMs !== null) {
        return { kind: "hold", because: holdBecause, untilMs: windowEndMs };
      }
      if (holdBecause) return { kind: "hold", because: holdBecause };
      const admission = admit(breaker, settings, { concurrency, nowMs: now });
      if (admission.kind === "hold" || (admission.kind === "probe" && probing)) {
        return { kind: "hold", because: "breaker_open" };
      }
      const free = (admission.kind === "some" ? Math.min(admission.count, concurrency) : concurrency) - sends.size;
      const isProbe = admission.kind === "probe" && { isProbe: true as const };
      if (free <= 0) return { kind: "wait", untilMs: Number.POSITIVE_INFINITY };
      const wanted = isProbe ? 1 : free;
      if (!window.isLimited()) return { kind: "send", count: wanted, ...isProbe };
      const travelling = countArrived(now);
      const count = Math.min(wanted, window.available(now, travelling.underWay));
      if (count > 0) return { kind: "send", count, ...isProbe };
      return { kind: "wait", untilMs: Math.min(window.freeAtMs(), travelling.freeAtMs) };
    },
    learn(outcome, now) {
      if (outcome.kind === "started") start(outcome.eventIds, now);
      else if (outcome.kind === "ended") {
        learnOf(outcome, now);
        end(outcome.eventId, outcome.latencyMs, now);
      } else {
        const send = sends.get(outcome.eventId);
        if (send) send.leftAtMs = now;
      }
    },
    onWire: () => sends.size,
    rateLog: (now) => (window.isLimited() ? window.log(now, countArrived(now).underWay) : null),
    breaker: () => breaker,
    isProbe: (eventId) => eventId === probing,
    isSlow: () => (tries > 0 ? totalLatencyMs / tries > SLOW_LATENCY_MS : earlier.isSlow),
  };
}
