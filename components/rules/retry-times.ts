// The times at which the tries of a retry rule come, for its drawing and its sentence. Pure.
import type { RetryPolicy } from "#server/contracts/retry-policy.ts";
import type { RetryRule } from "#server/contracts/rule.ts";
import { MAX_RETRIES, MAX_WAIT_MS } from "#server/contracts/rule-limits.ts";
import { baseWaitMs } from "#server/rules/retry.ts";

const JITTER = 0.1;

/** The waits between the tries, without jitter; one less than there are tries. */
export function waitsOf(policy: RetryPolicy): number[] {
  const waits: number[] = [];
  for (let attempt = 1; attempt <= MAX_RETRIES; attempt += 1) {
    const waitMs = baseWaitMs(policy, attempt);
    if (waitMs === null) break;
    waits.push(waitMs);
  }
  return waits;
}

/** The rule in another strategy, with the waits that it had as far as that can say them. */
export function inStrategy(rule: RetryRule, strategy: RetryPolicy["strategy"]): RetryRule {
  const waits = waitsOf(rule);
  const codes = rule.response_status_codes ? { response_status_codes: rule.response_status_codes } : {};
  if (strategy === "custom") {
    const schedule = waits.map((ms) => Math.min(ms, MAX_WAIT_MS));
    return { type: "retry", strategy, schedule: schedule.length > 0 ? schedule : [60_000], ...codes };
  }
  return { type: "retry", strategy, interval: waits[0] ?? 60_000, count: waits.length, ...codes };
}

export interface Try {
  number: number;
  /** After the first try. */
  atMs: number;
  x: number;
  /** Where it may fall by jitter. */
  fromX: number;
  toX: number;
  hasLabel: boolean;
}

interface Size {
  left: number;
  right: number;
  /** The room that a label needs. */
  label: number;
}

/** The tries on a logarithmic axis: each doubling of the time takes the same room. */
export function placeTries(waits: readonly number[], { left, right, label }: Size): Try[] {
  const times = [0];
  for (const wait of waits) times.push((times.at(-1) ?? 0) + wait);
  const firstMs = waits[0] ?? 1;
  const lastMs = (times.at(-1) ?? 0) * (1 + JITTER);
  const span = Math.log2(1 + lastMs / firstMs) || 1;
  const xOf = (ms: number) => left + (Math.log2(1 + ms / firstMs) / span) * (right - left);
  let labelled = Number.NEGATIVE_INFINITY;
  const lastX = xOf(times.at(-1) ?? 0);
  return times.map((atMs, index) => {
    const x = xOf(atMs);
    const isLast = index === times.length - 1;
    // The last one always says when it is.
    const hasLabel = isLast || (x - labelled >= label && lastX - x >= label);
    if (hasLabel) labelled = x;
    return { number: index + 1, atMs, x, fromX: xOf(atMs * (1 - JITTER)), toX: xOf(atMs * (1 + JITTER)), hasLabel };
  });
}
