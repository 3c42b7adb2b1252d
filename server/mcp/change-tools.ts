// The changes that agents may make. Each is two tools: one that plans it and names its effect, and one that makes it, which needs
// the fingerprint of that plan.
import type { JsonOperation } from "#server/api/operation.ts";
import { operations } from "#server/api/operations/table.ts";

interface Named {
  /** After `plan_` and `run_`. */
  name: string;
  about: string;
  operation: JsonOperation<"write">;
  fields: readonly string[];
}

/** Of many, as the filters name them: `plan` counts what it would reach. */
interface ManyChange extends Named {
  kind: "many";
  plan: JsonOperation<"write">;
}

/** Of one thing: its plan is the state that it is in. */
interface OneChange extends Named {
  kind: "one";
  /** Reads what is changed. */
  read: JsonOperation<"read">;
  /** The member that tells whether it is still as it was planned: an issue is written anew with each count. */
  isAsOf: "updated_at" | "state";
  /** Counts what waits at it. */
  queue?: JsonOperation<"read">;
}

/** Of all that a file declares: its plan is the operation's own. */
interface FileChange extends Named {
  kind: "file";
  plan: JsonOperation<"write">;
}

export type Change = ManyChange | OneChange | FileChange;

const { bulk, connections, flows, issues, metrics } = operations;

const RATE = ["rate_limit", "rate_limit_period"] as const;
const EVENTS = [
  "from",
  "to",
  "id",
  "source_id",
  "connection_id",
  "destination_id",
  "status",
  "event_type",
  "error_code",
  "response_status",
] as const;

const ofConnection = (
  name: string,
  about: string,
  operation: JsonOperation<"write">,
  ...more: string[]
): OneChange => ({
  kind: "one",
  name,
  about,
  operation,
  fields: ["id", ...more],
  read: connections.get,
  isAsOf: "updated_at",
  queue: metrics.queue,
});

export const CHANGES: readonly Change[] = [
  {
    kind: "many",
    name: "retry_events",
    about: "Sends the events that the filters name again. For a single one give its id.",
    operation: bulk.retryEvents,
    plan: bulk.planEventsRetry,
    fields: [...EVENTS, ...RATE],
  },
  {
    kind: "many",
    name: "replay",
    about:
      "Sends events of a source again, also delivered ones. With a connection_id alone, requests from before it was made are routed to it.",
    operation: bulk.replay,
    plan: bulk.planReplay,
    fields: ["source", "event_type_pattern", "from", "to", "status", "connection_id", "destination_id", ...RATE],
  },
  {
    kind: "many",
    name: "cancel_events",
    about: "Ends the events that the filters name and that are not finished. Cancelled events are not sent.",
    operation: bulk.cancelEvents,
    plan: bulk.planEventsCancel,
    fields: EVENTS,
  },
  {
    kind: "many",
    name: "route_requests_again",
    about: "Evaluates the rules for the requests that the filters name again, with today's connections.",
    operation: bulk.retryRequests,
    plan: bulk.planRequestsRetry,
    fields: ["from", "to", "id", "source_id", "status", "verified", "event_type", "connection_ids", ...RATE],
  },
  {
    kind: "file",
    name: "apply_flows",
    about:
      "Makes what runs what a file of DeliveryFlows says, all of it or nothing. Secrets cannot be given: a person applies a file that names one.",
    operation: flows.applyFile,
    plan: flows.plan,
    fields: ["text", "prune"],
  },
  ofConnection(
    "pause_connection",
    "Holds a connection's events, until a time if one is given.",
    connections.pause,
    "until",
  ),
  ofConnection("resume_connection", "Sends what a paused connection held, in order.", connections.unpause),
  ofConnection(
    "disable_connection",
    "Makes no new events on a connection; those that wait go on.",
    connections.disable,
  ),
  ofConnection("enable_connection", "Makes events on a disabled connection again.", connections.enable),
  {
    kind: "one",
    name: "cancel_bulk_operation",
    about: "Ends a running bulk operation; what it has queued is delivered.",
    operation: bulk.cancel,
    fields: ["id"],
    read: bulk.get,
    isAsOf: "state",
  },
  {
    kind: "one",
    name: "resolve_issue",
    about: "Marks an issue as resolved; it opens again if it happens again.",
    operation: issues.resolve,
    fields: ["id"],
    read: issues.get,
    isAsOf: "state",
  },
];
