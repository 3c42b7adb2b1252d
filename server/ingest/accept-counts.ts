// The counts that an arrival adds to its minute.
import type { RollupCount } from "#server/batch/rollup.sql.ts";
import type { RejectionCause } from "#server/contracts/request.ts";
import type { Arrival } from "./arrival.ts";

/** The causes that are counted apart; failed verifications are what is left of `signature_failure_count`. */
export const REJECTIONS = [
  ["rejected_disabled_count", "SOURCE_DISABLED"],
  ["rejected_method_count", "METHOD_NOT_ALLOWED"],
  ["rejected_size_count", "PAYLOAD_TOO_LARGE"],
  ["rejected_encoding_count", "UNSUPPORTED_CONTENT_ENCODING"],
  ["rejected_timestamp_count", "TIMESTAMP_OUT_OF_TOLERANCE"],
  ["rejected_rate_count", "RATE_LIMITED"],
] as const satisfies [RollupCount, RejectionCause][];

/** All but the duplicates, which only the database knows. */
export const DOOR_COUNTS = [
  "accepted_count",
  "rejected_count",
  "signature_failure_count",
  ...REJECTIONS.map(([count]) => count),
] as const;
export type DoorCount = (typeof DOOR_COUNTS)[number];

const BY_CAUSE = new Map<RejectionCause, DoorCount[]>(REJECTIONS.map(([count, cause]) => [cause, [count]]));
BY_CAUSE.set("VERIFICATION_FAILED", ["signature_failure_count"]);
BY_CAUSE.set("TIMESTAMP_OUT_OF_TOLERANCE", ["rejected_timestamp_count", "signature_failure_count"]);

const ACCEPTED: DoorCount[] = ["accepted_count"];

/** None for a test from here, nor for a handshake: it is an answer to a probe. */
export function countsOf({ status, rejection_cause, test }: Arrival): readonly DoorCount[] {
  if (test !== undefined || rejection_cause === "HANDSHAKE") return [];
  if (status === "accepted") return ACCEPTED;
  return ["rejected_count", ...((rejection_cause && BY_CAUSE.get(rejection_cause)) ?? [])];
}
