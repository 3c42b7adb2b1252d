// The rolling window of a rate limit, exact at the receiver: no window of the period, wherever it starts, holds more than
// the limit. A send counts from before it is made until a whole period after its receiver has seen it.
import type { RateLimitPeriod } from "#server/contracts/destination-limits.ts";
import { RATE_PERIOD_MS } from "#server/contracts/rate-period.ts";

/**
 * Sends of the running window, oldest first: `[end of the slot they happened in, Unix ms, how many]`. At most some hundred.
 * The last one has null for a time where permits were not yet sent: a lane that takes over from one that died cannot know
 * when those left, only that it was before now.
 */
export type RateLog = [untilMs: number | null, count: number][];

/**
 * Sends are counted in slots of a hundredth of the period. Each counts as made at the end of its slot, so never too early.
 */
const SLOTS_PER_PERIOD = 100;
/** A margin, because networks and receivers do not see requests at exactly the intervals at which they were sent. */
const MARGIN_SHARE = 1 / 200;
const MIN_MARGIN_MS = 20;

/**
 * The window of one destination. `underWay` are sends that have started and that no receiver is known to have seen: they
 * count whenever they left.
 */
export interface RateWindow {
  isLimited(): boolean;
  /** How many sends may be started at `nowMs`. */
  available(nowMs: number, underWay: number): number;
  /** The time at which the oldest counted send is forgotten. `Infinity` when none was counted. */
  freeAtMs(): number;
  /** The time until which a send counts that its receiver saw at `seenAtMs`. */
  countsUntilMs(seenAtMs: number): number;
  /** Counts a send that its receiver saw at `seenAtMs`. */
  count(seenAtMs: number): void;
  /** Changes the limit from the next call on. Sends already made keep counting. */
  configure(limit: number | null, period: RateLimitPeriod): void;
  /** The sends that a lane which takes over must count. Null without a limit. */
  log(nowMs: number, underWay: number): RateLog | null;
}

/**
 * @param earlier what the lane before this one wrote down
 * @param nowMs when this lane took over
 */
export function makeRateWindow(
  limit: number | null,
  period: RateLimitPeriod,
  earlier: RateLog | null,
  nowMs: number,
): RateWindow {
  let maxSends = limit;
  let periodMs: number = RATE_PERIOD_MS[period];
  let slots: [untilMs: number, count: number][] = [];

  const endOfSlotMs = (atMs: number) => {
    const slotMs = periodMs / SLOTS_PER_PERIOD;
    return Math.ceil(atMs / slotMs) * slotMs;
  };
  const lifeMs = () => periodMs + Math.max(MIN_MARGIN_MS, periodMs * MARGIN_SHARE);
  const countSlot = (atMs: number, count: number) => {
    const untilMs = endOfSlotMs(atMs);
    const last = slots.at(-1);
    if (last && last[0] >= untilMs) last[1] += count;
    else slots.push([untilMs, count]);
  };
  const forget = (nowMs: number) => {
    while (slots[0] && slots[0][0] + lifeMs() <= nowMs) slots.shift();
  };
  for (const [untilMs, count] of earlier ?? []) countSlot(untilMs ?? nowMs, count);

  return {
    isLimited: () => maxSends !== null,
    available(nowMs, underWay) {
      if (maxSends === null) return Number.POSITIVE_INFINITY;
      forget(nowMs);
      return Math.max(0, maxSends - slots.reduce((sum, [, count]) => sum + count, underWay));
    },
    freeAtMs: () => (slots[0] ? slots[0][0] + lifeMs() : Number.POSITIVE_INFINITY),
    countsUntilMs: (seenAtMs) => endOfSlotMs(seenAtMs) + lifeMs(),
    count(seenAtMs) {
      if (maxSends !== null) countSlot(seenAtMs, 1);
    },
    configure(newLimit, newPeriod) {
      maxSends = newLimit;
      periodMs = RATE_PERIOD_MS[newPeriod];
      if (newLimit === null) slots = [];
    },
    log(nowMs, underWay) {
      if (maxSends === null) return null;
      forget(nowMs);
      const copy: RateLog = slots.map(([untilMs, count]) => [untilMs, count]);
      if (underWay > 0) copy.push([null, underWay]);
      return copy;
    },
  };
}
