// The tools that only read: each is an operation of the one table, under a name that an agent understands, with those of its
// fields that an agent needs.
import type { JsonOperation } from "#server/api/operation.ts";
import { operations } from "#server/api/operations/table.ts";

export interface ReadTool {
  name: string;
  /** For the agent: what it tells, and when to ask. */
  about: string;
  operation: JsonOperation;
  fields: readonly string[];
  /** What the operation gets where the agent says nothing. */
  given?: Record<string, unknown>;
  /** Members of the rows that only the tool for one thing shows. */
  leavesOut?: readonly string[];
}

const {
  connections,
  flows,
  destinations,
  sources,
  transformations,
  requests,
  events,
  attempts,
  issues,
  bulk,
  metrics,
} = operations;

/** Rows of a page where the agent does not say. */
const FEW = { limit: 20 };
const PAGE = ["limit", "next", "from", "to"] as const;
const NAMED = ["limit", "next", "search", "disabled"] as const;
const ENDS = ["source_id", "connection_id", "destination_id"] as const;
const BODY = { max_bytes: 64 * 1024 };

const one = (name: string, about: string, operation: JsonOperation, given: Record<string, unknown> = {}): ReadTool => ({
  name,
  about,
  operation,
  fields: ["id"],
  given,
});

const list = (
  name: string,
  about: string,
  operation: JsonOperation,
  fields: readonly string[],
  { given = {}, leavesOut = [] }: Pick<ReadTool, "given" | "leavesOut"> = {},
): ReadTool => ({ name, about, operation, fields, given: { ...FEW, ...given }, leavesOut });

/** In the order in which an agent usually asks. */
export const READ_TOOLS: readonly ReadTool[] = [
  {
    name: "whats_wrong",
    about:
      "What needs attention now: failing destinations, failed events, held connections, silent sources, spikes of refused requests. Begin here.",
    operation: operations.overview.attention,
    fields: [],
  },
  list("list_issues", "Problems found by themselves, each with its evidence.", issues.list, [
    ...PAGE,
    "state",
    "kind",
    "subject_id",
  ]),
  one("get_issue", "One issue.", issues.get),
  {
    name: "count_traffic",
    about:
      "Counts of delivered, failed, held and waiting events, with latencies, over a time; with dimensions apart for each source, connection or destination.",
    operation: metrics.events,
    fields: ["date_range", "granularity", "dimensions", ...ENDS],
    given: { granularity: "total" },
  },
  {
    name: "count_queue",
    about: "What waits and is held just now, and how old the oldest is.",
    operation: metrics.queue,
    fields: ["dimensions", ...ENDS],
  },
  {
    name: "count_failed_events",
    about: "Events that have failed for good, by connection, destination and reason.",
    operation: metrics.deadLetters,
    fields: ["connection_id", "destination_id", "ended_because"],
  },
  list(
    "list_events",
    "Events (one request on one connection) by their state and ends, the newest first.",
    events.list,
    [
      ...PAGE,
      ...ENDS,
      "request_id",
      "status",
      "event_type",
      "error_code",
      "response_status",
      "hold_reason",
      "ended_because",
    ],
  ),
  one(
    "get_event",
    "One event with `why`: each step from its request to its state now, with the reason of its failure.",
    events.get,
    { with_body: false },
  ),
  one("read_event_body", "The body that an event delivers, within 64 KiB.", events.body, BODY),
  one(
    "compare_failure",
    "The last good attempt to the destination of a failed event beside the first bad one: what changed.",
    events.failureDiff,
  ),
  list(
    "list_attempts",
    "HTTP attempts: status, error and latency of each.",
    attempts.list,
    [...PAGE, ...ENDS, "event_id", "status", "error_code", "response_status"],
    { given: { with_body: false }, leavesOut: ["request_headers", "response_headers", "phases"] },
  ),
  one("get_attempt", "One attempt with what was sent and what the receiver answered.", attempts.get),
  list("list_requests", "Requests as producers sent them, accepted or rejected.", requests.list, [
    ...PAGE,
    "source_id",
    "status",
    "verification",
    "rejection_cause",
    "event_type",
    "provider_event_id",
  ]),
  one("get_request", "One request with its headers.", requests.get, { with_body: false }),
  one("read_request_body", "The body of a request, within 64 KiB.", requests.body, BODY),
  one("trace_request", "What each connection made of a request: an event, or the reason why not.", requests.branches),
  one("explain_verification", "Why the sender of a request was believed or not.", requests.verification),
  list(
    "list_connections",
    "Connections, each from one source to one destination.",
    connections.list,
    [...NAMED, "source_id", "destination_id", "paused"],
    { leavesOut: ["rules"] },
  ),
  one("get_connection", "One connection with its rules.", connections.get),
  list("list_sources", "Sources: where webhooks come in.", sources.list, NAMED, { leavesOut: ["config"] }),
  one("get_source", "One source; secrets are masked.", sources.get),
  list("list_destinations", "Destinations: where events go.", destinations.list, NAMED, { leavesOut: ["config"] }),
  one("get_destination", "One destination; secrets are masked.", destinations.get),
  list(
    "list_transformations",
    "Transformations: code that rules run.",
    transformations.list,
    ["limit", "next", "search"],
    { leavesOut: ["code"] },
  ),
  one("get_transformation", "One transformation with its code.", transformations.get),
  {
    name: "list_flows",
    about:
      "Flows: files that declare sources and where their events go, with what has drifted since they were applied.",
    operation: flows.list,
    fields: [],
    leavesOut: ["text"],
  },
  {
    name: "export_flows",
    about: "What runs as a file of DeliveryFlows, or the flow of one source. Secrets are named, not shown.",
    operation: flows.export,
    fields: ["source_id"],
  },
  list("list_bulk_operations", "Replays, retries and cancellations of many.", bulk.list, [
    "limit",
    "next",
    "kind",
    "state",
  ]),
  one("get_bulk_operation", "The progress of one, and how its events ended.", bulk.get),
  {
    name: "search_docs",
    about: "Searches the manual of the product.",
    operation: operations.guide.search,
    fields: ["text"],
  },
];
