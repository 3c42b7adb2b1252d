// Refusals at the door, by their cause. Pure.
import type { MetricsPoint } from "#server/contracts/metrics.ts";
import { totalOf } from "./series.ts";

export interface RefusalCount {
  /** Null stands for all causes that are not counted apart. */
  cause: string | null;
  label: string;
  count: number;
}

/** The causes with the measure that counts each. A failed signature is what is left of those that failed. */
const REFUSALS = [
  ["TIMESTAMP_OUT_OF_TOLERANCE", "Timestamp out of tolerance", "rejected_timestamp_count"],
  ["METHOD_NOT_ALLOWED", "Method not allowed", "rejected_method_count"],
  ["PAYLOAD_TOO_LARGE", "Payload too large", "rejected_size_count"],
  ["UNSUPPORTED_CONTENT_ENCODING", "Encoding not supported", "rejected_encoding_count"],
  ["SOURCE_DISABLED", "Source disabled", "rejected_disabled_count"],
  ["RATE_LIMITED", "Over the source's limit", "rejected_rate_count"],
] as const;

/** Those that there were, the most frequent first. */
export function refusalCounts(points: readonly MetricsPoint[]): RefusalCount[] {
  const total = (measure: string) => totalOf(points, measure) ?? 0;
  const counted = REFUSALS.map(([cause, label, measure]) => ({ cause, label, count: total(measure) }));
  const unverified = total("signature_failure_count") - total("rejected_timestamp_count");
  const rest = total("rejected_count") - unverified - counted.reduce((sum, { count }) => sum + count, 0);
  return [
    { cause: "VERIFICATION_FAILED", label: "Signature does not verify", count: unverified },
    ...counted,
    { cause: null, label: "Another cause", count: rest },
  ]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
