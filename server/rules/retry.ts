// The retry decision: whether and when a failed attempt is tried again. Attempts count from 1 since the event began or was
// last replayed, so after attempt n the n-th retry is next. Waits are milliseconds.
import type { RetryPolicy } from "#server/contracts/retry-policy.ts";
import { retryAfterMs } from "./retry-after.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MAX_WAIT_MS = 7 * 24 * HOUR_MS;
const JITTER = 0.1;

/** 1 min, 5 min, 30 min, 2 h, then every 6 h: the last of these fifteen is 68.6 h after the first attempt, within 3 days. */
export const DEFAULT_POLICY: RetryPolicy = {
  strategy: "custom",
  schedule: [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, ...Array<number>(11).fill(6 * HOUR_MS)],
};

export type NextAttempt =
  | { kind: "retry"; at: Date; waitMs: number }
  | { kind: "give-up"; reason: "exhausted" | "gone" | "status_excluded" };

export interface FailedTry {
  /** Null stands for the default policy. */
  policy: RetryPolicy | null;
  /** The try just made, counted from 1 since the last replay. */
  attempt: number;
  now: Date;
  /** `status` is null when there was no answer; such failures are always retried. */
  outcome: { status: number | null; retryAfter: string | null };
  /** From 0 up to 1, as `Math.random`. */
  random: () => number;
}

/**
 * `linear` waits its interval each time, `exponential` doubles it, `custom` follows its schedule, whose last wait repeats
 * when `count` is larger. Jitter is ±10 %. A `Retry-After` can lengthen a wait and never shortens it.
 */
export function nextAttempt({ policy, attempt, now, outcome, random }: FailedTry): NextAttempt {
  const { status, retryAfter } = outcome;
  const chosen = policy ?? DEFAULT_POLICY;
  if (status === 410) return { kind: "give-up", reason: "gone" };
  if (status !== null && !isRetried(status, chosen.response_status_codes)) {
    return { kind: "give-up", reason: "status_excluded" };
  }
  const baseMs = baseWaitMs(chosen, attempt);
  if (baseMs === null) return { kind: "give-up", reason: "exhausted" };
  const jitteredMs = Math.round(Math.min(baseMs * (1 - JITTER + 2 * JITTER * random()), MAX_WAIT_MS));
  const waitMs = Math.max(jitteredMs, retryAfterMs(retryAfter, now));
  return { kind: "retry", at: new Date(now.getTime() + waitMs), waitMs };
}

/** The wait before the retry that follows `attempt`, without jitter, or null when the retries are spent. */
export function baseWaitMs(policy: RetryPolicy, attempt: number): number | null {
  if (policy.strategy === "custom") {
    const schedule = policy.schedule ?? [];
    return attempt > (policy.count ?? schedule.length) ? null : (schedule[attempt - 1] ?? schedule.at(-1) ?? null);
  }
  if (policy.interval === undefined || attempt > (policy.count ?? 0)) return null;
  return policy.strategy === "linear" ? policy.interval : policy.interval * 2 ** (attempt - 1);
}

const STATUS_PATTERN = /^(!?)(\d{3})(?:-(\d{3}))?$/;

/** Exclusions win. Where only exclusions are given every other status is retried; without patterns all are. */
function isRetried(status: number, patterns: string[] | undefined): boolean {
  let isListed = false;
  let hasInclusion = false;
  for (const pattern of patterns ?? []) {
    const [, exclusion, from, to = from] = STATUS_PATTERN.exec(pattern) ?? [];
    const isWithin = status >= Number(from) && status <= Number(to);
    if (exclusion === "!" && isWithin) return false;
    if (exclusion === "") {
      hasInclusion = true;
      isListed ||= isWithin;
    }
  }
  return isListed || !hasInclusion;
}
