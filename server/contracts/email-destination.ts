// The config of a destination of type EMAIL: people who are told of issues.
import { z } from "zod";
import { DEFAULT_LIMITS, DestinationLimits } from "./destination-limits.ts";
import { MailAddressText } from "./mail-address.ts";

export const EmailDestinationConfig = z.strictObject({
  to: z.array(MailAddressText).min(1, "Give an address.").max(10).meta({
    description: "Each confirmed for the team before: see POST /mail-addresses.",
  }),
  timeout_ms: z.int().min(100).max(60_000),
  ...DestinationLimits.shape,
});
export type EmailDestinationConfig = z.infer<typeof EmailDestinationConfig>;

const MINUTE_MS = 60_000;

export const EMAIL_DEFAULTS = {
  to: [],
  timeout_ms: 30_000,
  ...DEFAULT_LIMITS,
  rate_limit: 20,
  concurrency: 2,
  // What a mail server refuses with 5xx it refuses for good.
  retry: {
    strategy: "custom",
    schedule: [1, 5, 30, 120, 360].map((minutes) => minutes * MINUTE_MS),
    response_status_codes: ["!500-599"],
  },
} satisfies EmailDestinationConfig;
