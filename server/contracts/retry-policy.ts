import { z } from "zod";
import { MAX_RETRIES, MAX_WAIT_MS } from "./rule-limits.ts";

/** `500-599`, `429`, or `!401` to exclude. */
const StatusPattern = z
  .string()
  .regex(
    /^!?[1-5]\d\d(?:-[1-5]\d\d)?$/,
    'Use a status such as "429", a range such as "500-599", or an exclusion such as "!401".',
  );

const WaitMs = z.int().min(1000).max(MAX_WAIT_MS);

/**
 * The times at which a failed attempt is tried again. Times are milliseconds; `count` is the number of retries after the
 * first attempt.
 */
export const RetryPolicy = z.strictObject({
  strategy: z.enum(["exponential", "linear", "custom"]),
  interval: WaitMs.optional(),
  count: z.int().min(0).max(MAX_RETRIES).optional(),
  schedule: z.array(WaitMs).min(1).max(MAX_RETRIES).optional(),
  response_status_codes: z.array(StatusPattern).min(1).max(50).optional(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** `custom` waits by its `schedule`; the others need `interval` and `count`. */
export function requireWaits(policy: RetryPolicy, ctx: z.RefinementCtx): void {
  const need = (path: string, message: string) => ctx.addIssue({ code: "custom", path: [path], message });
  if (policy.strategy === "custom") {
    if (!policy.schedule) need("schedule", "The custom strategy needs schedule, a list of waits in milliseconds.");
    return;
  }
  if (policy.schedule) need("schedule", 'schedule goes with strategy "custom"; use interval and count here.');
  if (policy.interval === undefined) need("interval", "Give interval, the first wait in milliseconds.");
  if (policy.count === undefined) need("count", `Give count, the number of retries (at most ${MAX_RETRIES}).`);
}
