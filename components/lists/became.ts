import type { RequestSummary } from "#server/contracts/request.ts";
import { CAUSE_WORDS } from "./choices.ts";

type Judged = Pick<RequestSummary, "status" | "rejection_cause" | "duplicate_of" | "events_count" | "ignored_count"> & {
  test?: RequestSummary["test"];
};

/**
 * Refused at the door. `NO_CONNECTION` is a cause of an accepted request, which had nowhere to go; a handshake is kept with the
 * refused ones, but was answered.
 */
export const isRefused = ({ status, rejection_cause }: Judged) =>
  status === "rejected" && rejection_cause !== "HANDSHAKE";

/** What became of a request, in a few words. */
export function becameOf(request: Judged): string {
  if (request.rejection_cause !== null) return CAUSE_WORDS[request.rejection_cause];
  if (request.duplicate_of !== null) return "duplicate";
  const parts = [
    request.events_count > 0 ? `${request.events_count} ${request.events_count === 1 ? "event" : "events"}` : "",
    request.ignored_count > 0 ? `${request.ignored_count} ignored` : "",
  ].filter(Boolean);
  if (request.test === "unrouted" && parts.length === 0) return "a test, kept";
  return parts.join(", ") || "being routed";
}
