// The pace of a destination of any kind.
import { z } from "zod";
import { BreakerSettings, DEFAULT_BREAKER, refuseShrinkingPauses } from "./breaker.ts";
import { MaintenanceWindows } from "./maintenance.ts";
import { NO_ORDER, ORDERING_FIELDS } from "./ordering.ts";
import { RetryPolicy, requireWaits } from "./retry-policy.ts";

export const RateLimitPeriod = z.enum(["second", "minute", "hour"]);
export type RateLimitPeriod = z.infer<typeof RateLimitPeriod>;

export const DestinationLimits = z.strictObject({
  rate_limit: z.int().min(1).max(1_000_000).nullable(),
  rate_limit_period: RateLimitPeriod,
  concurrency: z.int().min(1).max(1000),
  ...ORDERING_FIELDS,
  retry: RetryPolicy.superRefine(requireWaits)
    .nullable()
    .meta({ description: "Used where a connection has no retry rule." }),
  dead_letter_destination_id: z.string().max(64).nullable().meta({
    description:
      "Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts.",
  }),
  breaker: BreakerSettings.superRefine(refuseShrinkingPauses).meta({
    description: "While it is open, events are held: none is tried, none spends a retry, and nothing is disabled.",
  }),
  maintenance_windows: MaintenanceWindows,
});
export type DestinationLimits = z.infer<typeof DestinationLimits>;

export const DEFAULT_LIMITS: DestinationLimits = {
  rate_limit: null,
  rate_limit_period: "minute",
  concurrency: 25,
  ...NO_ORDER,
  retry: null,
  dead_letter_destination_id: null,
  breaker: DEFAULT_BREAKER,
  maintenance_windows: [],
};
