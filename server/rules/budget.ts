import type { Work } from "#server/json/value.ts";

/** Bounds the work of one connection's rules, so that no payload holds a thread for much more than a second. */
const MAX_STEPS = 5_000_000;

/** The work that the deduplicate rule and the filter of one connection may cost for one request, together. */
export const fullWork = (): Work => ({ left: MAX_STEPS });

export const TOO_EXPENSIVE = `The rules need more than ${MAX_STEPS} steps on this request; simplify the filter's $regex, $or or $ref, or name fewer fields in the deduplicate rule.`;

/** The step of the trace that ends where the budget did. */
export const OVER_BUDGET = { step: "budget", outcome: "exceeded", max_steps: MAX_STEPS } as const;
