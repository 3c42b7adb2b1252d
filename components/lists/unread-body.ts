import type { RequestSummary } from "#server/contracts/request.ts";

/** What the door refuses by the head of a request alone, at least once it has looked at one. */
const BY_HEAD: ReadonlySet<string | null> = new Set([
  "SOURCE_DISABLED",
  "METHOD_NOT_ALLOWED",
  "RATE_LIMITED",
  "PAYLOAD_TOO_LARGE",
]);

/** Whether nobody knows the body: nothing was read of it, which is not the same as that there was none. */
export const isBodyUnread = ({ rejection_cause, body_bytes }: Pick<RequestSummary, "rejection_cause" | "body_bytes">) =>
  body_bytes === 0 && BY_HEAD.has(rejection_cause);
