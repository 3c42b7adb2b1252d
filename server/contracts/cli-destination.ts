// The config of a destination of type CLI: a person's machine, which `switchyard listen` connects.
import { z } from "zod";
import { DEFAULT_LIMITS, DestinationLimits } from "./destination-limits.ts";

const { ordering, rate_limit, ...limits } = DestinationLimits.shape;

/** It takes what is due as fast as the person's server answers: it keeps neither an order nor a rate. */
export const CliDestinationConfig = z.strictObject({
  ...limits,
  ordering: ordering.refine(
    (value): boolean => value === "none",
    "A destination of type CLI keeps no order: leave this none.",
  ),
  rate_limit: rate_limit.refine(
    (value): boolean => value === null,
    "A destination of type CLI has no rate limit: leave this null.",
  ),
});
export type CliDestinationConfig = z.infer<typeof CliDestinationConfig>;

export const CLI_DEFAULTS = {
  ...DEFAULT_LIMITS,
  // Whoever is working on a receiver wants to see its failure once, and asks for the next try.
  retry: { strategy: "linear", interval: 1_000, count: 0 },
} satisfies CliDestinationConfig;
