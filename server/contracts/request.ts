import { z } from "zod";
import { BodyContains } from "./body-search.ts";
import { BranchIds } from "./branch.ts";
import { HeaderList } from "./header-list.ts";
import { AnyJson } from "./json.ts";
import { PageInput } from "./page.ts";
import { EventTypeFilter, manyOf } from "./query-values.ts";
import { ById, Timestamp } from "./resource-fields.ts";
import { RouteNames } from "./route-names.ts";
import { Why } from "./why.ts";

export const RequestStatus = z.enum(["accepted", "rejected"]);

export const RejectionCause = z.enum([
  "SOURCE_DISABLED",
  "METHOD_NOT_ALLOWED",
  "RATE_LIMITED",
  "VERIFICATION_FAILED",
  "TIMESTAMP_OUT_OF_TOLERANCE",
  "PAYLOAD_TOO_LARGE",
  "BODY_TIMEOUT",
  "UNSUPPORTED_CONTENT_ENCODING",
  "HANDSHAKE",
  "NO_CONNECTION",
]);
export type RejectionCause = z.infer<typeof RejectionCause>;

/** The degree to which a request's sender was proved. */
export const Verification = z.enum(["verified", "authenticated", "failed", "unattempted"]);
export type Verification = z.infer<typeof Verification>;

export const VerifiedWith = z.enum(["secret", "previous_secret"]);

/** A request in a list; `GET /requests/:id` adds headers and body. */
export const RequestSummary = z.object({
  id: z.string(),
  team_id: z.string(),
  source_id: z.string(),
  status: RequestStatus,
  verification: Verification.meta({
    description:
      "`verified`: a signature over the body. `authenticated`: a shared secret that was sent itself. `failed`: neither was right. `unattempted`: the source asks for none, or another check came first.",
  }),
  verified: z.boolean().meta({ description: "True for `verified` and `authenticated`." }),
  verified_with: VerifiedWith.nullable(),
  rejection_cause: RejectionCause.nullable(),
  rejection_detail: z
    .string()
    .nullable()
    .meta({ description: "For the owner: what the check expected. Never told to the sender." }),
  method: z.string(),
  path: z.string(),
  query: z.string(),
  content_type: z.string().nullable(),
  body_bytes: z.int(),
  event_type: z.string().nullable(),
  provider_event_id: z.string().nullable(),
  occurred_at: Timestamp.nullable().meta({
    description: "When it happened, as its provider says; read when it is routed to a connection.",
  }),
  resource_id: z.string().nullable().meta({ description: "What it is about, likewise." }),
  duplicate_of: z.string().nullable(),
  remote_ip: z.string(),
  events_count: z.int(),
  ignored_count: z.int(),
  test: z.enum(["unrouted", "routed"]).nullable().meta({
    description: "Sent from here to try the way in: `unrouted` went no further. Null for what a producer sent.",
  }),
  erased_at: Timestamp.nullable().meta({
    description: "When its payload was erased, with path, query, headers and address; null: it was not.",
  }),
  created_at: Timestamp,
});
export type RequestSummary = z.infer<typeof RequestSummary>;

export const GetRequest = ById.extend({
  with_body: z.stringbool().or(z.boolean()).optional().meta({
    description: "False leaves `body` null: for a reader that takes it from `body` when it is wanted.",
  }),
});
export type GetRequest = z.infer<typeof GetRequest>;

export const RequestDetail = RequestSummary.extend({
  ...RouteNames.pick({ source_name: true, source_type: true }).shape,
  headers: HeaderList,
  masks: z.array(z.string()).meta({ description: "The paths that are masked in it." }),
  body: AnyJson.meta({
    description: "Parsed JSON or form; text otherwise; null when it is binary. The exact bytes: `raw_body`.",
  }),
});
export type RequestDetail = z.infer<typeof RequestDetail>;

export const ListRequests = PageInput.extend({
  source_id: manyOf(z.string().max(64)),
  status: RequestStatus.optional(),
  verification: manyOf(Verification),
  verified: z.stringbool().or(z.boolean()).optional(),
  rejection_cause: manyOf(RejectionCause),
  event_type: EventTypeFilter,
  provider_event_id: z.string().max(255).optional(),
  resource_id: manyOf(z.string().max(255)),
  verified_with: manyOf(VerifiedWith),
  duplicate: z
    .stringbool()
    .or(z.boolean())
    .optional()
    .meta({ description: "Repeats of what the provider had sent before, or all others." }),
  test: z
    .stringbool()
    .or(z.boolean())
    .optional()
    .meta({ description: "Tests that were sent from here, or all others." }),
  body: BodyContains,
});
export type ListRequests = z.infer<typeof ListRequests>;

export const RetryRequest = z.strictObject({
  id: z.string().max(64),
  connection_ids: z.array(z.string().max(64)).min(1).max(255).optional(),
  send_anyway: z.boolean().optional().meta({
    description:
      "Passes over the filter of the connections, which then have to be named: for a request that they ignored.",
  }),
});
export type RetryRequest = z.infer<typeof RetryRequest>;

export const RetriedRequest = z.object({ request_id: z.string(), connection_ids: z.array(z.string()) });
export type RetriedRequest = z.infer<typeof RetriedRequest>;

export const IgnoredCause = z.enum([
  "DEDUPLICATED",
  "FILTERED",
  "TRANSFORMATION_FAILED",
  "CONNECTION_DISABLED",
  "DESTINATION_DISABLED",
  "RULES_TOO_EXPENSIVE",
  "QUIET_HOURS",
  "ROUTING_FAILED",
]);
export type IgnoredCause = z.infer<typeof IgnoredCause>;

/** A connection that chose not to deliver a request, and why. */
export const IgnoredEvent = BranchIds.extend({
  cause: IgnoredCause,
  occurred_at: Timestamp.nullable(),
  resource_id: z.string().nullable(),
  detail: z.string(),
  why: Why,
  created_at: Timestamp,
});
export type IgnoredEvent = z.infer<typeof IgnoredEvent>;

export const ListRequestChildren = PageInput.extend({ request_id: z.string().max(64) });
export type ListRequestChildren = z.infer<typeof ListRequestChildren>;
