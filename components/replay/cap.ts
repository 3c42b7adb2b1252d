// The cap of an operation beside what its destination takes and gets. All rates are sends a minute. Pure.
import type { BulkOperation } from "#server/contracts/bulk.ts";
import { RATE_PERIOD_MS, type RatePeriod } from "#server/contracts/rate-period.ts";

/** As a plan tells of where it goes. */
export interface Goal {
  name: string;
  count: number;
  rate_limit: number | null;
  rate_limit_period: RatePeriod;
  sent_per_minute: number;
}

const MINUTE_MS = 60_000;
/** What an operation without a cap uses of a rate limit; the rest stays for live events. */
const SHARE_OF_LIMIT = 0.8;
/** The end of the slider where a destination has no limit of its own. */
const MOST_PER_MINUTE = 6_000;

export const limitPerMinute = ({ rate_limit, rate_limit_period }: Goal): number | null =>
  rate_limit === null ? null : (rate_limit * MINUTE_MS) / RATE_PERIOD_MS[rate_limit_period];

/** Where the cap ends that can be drawn. */
export const mostPerMinute = (goal: Goal): number => Math.max(1, Math.round(limitPerMinute(goal) ?? MOST_PER_MINUTE));

/** What is free of a limit, with a fifth of it left over; null where nothing limits it. */
export function suggestedCap(goal: Goal | undefined): number | null {
  const limit = goal && limitPerMinute(goal);
  if (!goal || limit === null || limit === undefined) return null;
  return Math.max(1, Math.floor((limit - goal.sent_per_minute) * SHARE_OF_LIMIT));
}

export interface Mix {
  live: number;
  replay: number;
  /** Null where the destination has no limit. */
  free: number | null;
  /** More than the limit lets through. */
  isOver: boolean;
  /** What the whole width stands for. */
  total: number;
}

/** How a destination's minute is shared. */
export function mixOf(goal: Goal, cap: number): Mix {
  const limit = limitPerMinute(goal);
  const live = Math.round(goal.sent_per_minute);
  if (limit === null) return { live, replay: cap, free: null, isOver: false, total: Math.max(1, live + cap) };
  const replay = Math.min(cap, Math.max(0, limit - live));
  return {
    live,
    replay,
    free: Math.max(0, Math.round(limit - live - replay)),
    isOver: cap > limit - live,
    total: Math.max(limit, live),
  };
}

/** How long it takes at least; null where neither a cap nor a limit says. */
export function durationMs(count: number, cap: number | null, goals: readonly Goal[]): number | null {
  const byCap = cap === null ? [] : [(count * MINUTE_MS) / cap];
  const byLimit = goals.flatMap((goal) => {
    const limit = limitPerMinute(goal);
    return limit === null ? [] : [(goal.count * MINUTE_MS) / (limit * SHARE_OF_LIMIT)];
  });
  const all = [...byCap, ...byLimit];
  return all.length === 0 ? null : Math.max(...all);
}

const STEPS = 100;

/** A place on the slider, 0 to 100, which is even in ratios: slow caps are as easy to set as fast ones. */
export const placeOf = (cap: number, most: number): number =>
  most <= 1 ? STEPS : Math.round((STEPS * Math.log(Math.min(cap, most))) / Math.log(most));

/** The cap at a place, to two digits. */
export function capAt(place: number, most: number): number {
  const exact = Math.exp((place / STEPS) * Math.log(most));
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  return Math.min(most, Math.max(1, Math.round(exact / unit) * unit));
}

const MOST = 1_000_000;

/** A typed cap: null for none, undefined for what is no cap. */
export function readCap(text: string): number | null | undefined {
  const trimmed = text.replaceAll(",", "").trim();
  if (trimmed === "") return null;
  const cap = /^\d{1,7}$/.test(trimmed) ? Number(trimmed) : 0;
  return cap >= 1 && cap <= MOST ? cap : undefined;
}

/** The cap of an operation in sends a minute; null without one. */
export const capPerMinute = ({
  rate_limit,
  rate_limit_period,
}: Pick<BulkOperation, "rate_limit" | "rate_limit_period">) =>
  rate_limit === null ? null : (rate_limit * RATE_PERIOD_MS.minute) / RATE_PERIOD_MS[rate_limit_period ?? "minute"];
