// The pace of a destination of any kind.
import { z } from "zod";
import { BreakerSettings, DEFAULT_BREAKER, refuseShrinkingPauses } from "./breaker.ts";
import { RetryPolicy, requireWaits } from "./retry-policy.ts";

export const RateLimitPeriod = z.enum(["second", "minute", "hour"]);
export type RateLimitPeriod = z.infer<typeof RateLimitPeriod>;

export const DestinationLimits = z.strictObject({
  rate_limit: z.int().min(1).max(1_000_000).nullable(),
  rate_limit_period: RateLimitPeriod,
  concurrency: z.int().min(1).max(1000),
  retry: RetryPolicy.superRefine(requireWaits)
    .nullable()
    .meta({ description: "Used where a connection has no retry rule." }),
  breaker: BreakerSettings.superRefine(refuseShrinkingPauses).meta({
    description: "While it is open, events are held: none is tried, none spends a retry, and nothing is disabled.",
  }),
});
export type DestinationLimits = z.infer<typeof DestinationLimits>;

export const DEFAULT_LIMITS: DestinationLimits = {
  rate_limit: null,
  rate_limit_period: "minute",
  concurrency: 25,
  retry: null,
  breaker: DEFAULT_BREAKER,
};
