// A connection's verdict on a request, in a sentence.
import { shortId } from "#components/data/use-names.ts";
import { clauseWords } from "#components/data/why-lines.ts";
import type { EventSummary } from "#server/contracts/event.ts";
import type { IgnoredCause, IgnoredEvent } from "#server/contracts/request.ts";
import type { RequestBranch } from "#server/contracts/request-branch.ts";
import type { FilterMismatch } from "#server/contracts/why.ts";

/** The clause of the filter that kept it back. */
export function failedClause({ why }: Pick<IgnoredEvent, "why">): FilterMismatch | undefined {
  return why.flatMap((step) => (step.step === "filter" && step.mismatch ? [step.mismatch] : []))[0];
}

const CAUSES: Record<IgnoredCause, string> = {
  DEDUPLICATED: "A copy of an earlier request",
  FILTERED: "Filtered",
  TRANSFORMATION_FAILED: "The transformation failed",
  CONNECTION_DISABLED: "The connection was disabled",
  DESTINATION_DISABLED: "The destination was disabled",
  RULES_TOO_EXPENSIVE: "The rules took too long",
  QUIET_HOURS: "Kept back",
  ROUTING_FAILED: "It could not be routed",
};

export function ignoredWords(ignored: IgnoredEvent): string {
  const clause = failedClause(ignored);
  if (clause) {
    const { expected, actual } = clauseWords(clause);
    return `Filtered. ${clause.path}: expected ${expected}, got ${actual}`;
  }
  return ignored.detail === "" ? `${CAUSES[ignored.cause]}.` : `${CAUSES[ignored.cause]}: ${ignored.detail}`;
}

const HELD = {
  connection_paused: "its connection is paused",
  destination_disabled: "its destination is disabled",
  breaker_open: "the breaker of its destination is open",
  waits_for_order: "an earlier event of its order has to go first",
  group_paused: "its group is paused",
  maintenance: "its destination is under maintenance",
  not_connected: "its listener is not connected",
  lease_expired: "the lease of its endpoint has run out",
  endpoint_unverified: "its endpoint has not answered its challenge",
} as const;

export function eventWords(event: EventSummary): string {
  const tries = `${event.attempts} ${event.attempts === 1 ? "try" : "tries"}`;
  const answer = event.response_status ?? event.error_code;
  switch (event.status) {
    case "DELIVERED":
      return `Delivered after ${tries}${answer === null ? "" : `, answered ${answer}`}.`;
    case "FAILED":
      return `Failed after ${tries}${answer === null ? "" : `: ${answer}`}.`;
    case "CANCELLED":
      return `Cancelled after ${tries}.`;
    case "HOLD":
      return `Held: ${event.hold_reason === null ? "its connection is paused" : HELD[event.hold_reason]}.`;
    case "RETRYING":
      return `Retrying after ${tries}${answer === null ? "" : `, last ${answer}`}.`;
    case "SCHEDULED":
      return "Scheduled: its delay has not ended.";
    case "QUEUED":
      return "Queued: it goes by itself.";
  }
}

/** Its connection, or the event of which it is a copy. */
export const branchName = ({ connection_name, connection_id, event }: RequestBranch): string =>
  event?.resent_from ? `Debug copy of ${shortId(event.resent_from)}` : (connection_name ?? connection_id);
