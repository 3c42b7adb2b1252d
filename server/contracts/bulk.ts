// Operations on many events or requests at once: retry, replay, backfill.
import { z } from "zod";
import { ErrorCode } from "./attempt.ts";
import { EventStatus } from "./event.ts";
import { EndReason, HoldReason } from "./event-life.ts";
import { GroupFilter } from "./group-filter.ts";
import { PageInput } from "./page.ts";
import { EventTypeFilter, manyOf, ResponseStatuses, WholeNumber } from "./query-values.ts";
import { RequestStatus } from "./request.ts";
import { ById, Timestamp } from "./resource-fields.ts";
import { TimeBound } from "./time-bound.ts";

export const BulkKind = z.enum(["events_replay", "events_retry", "requests_retry", "events_cancel"]);
export type BulkKind = z.infer<typeof BulkKind>;

export const BulkState = z.enum(["RUNNING", "COMPLETED", "CANCELLED", "FAILED"]);
export type BulkState = z.infer<typeof BulkState>;

export const SkipReason = z
  .enum([
    "in_line",
    "connection_deleted",
    "debug_copy",
    "destination_disabled",
    "request_gone",
    "rejected",
    "duplicate",
    "test",
    "no_connection",
    "ignored_by_rules",
    "finished",
  ])
  .meta({
    description:
      "`in_line`: queued or held already, so it keeps its place. `debug_copy`: sent once, and not again. `request_gone`: past its retention, or erased. `rejected`, `duplicate`: such a request makes no event. `test`: it was sent from here to try the way in, and goes no further. `ignored_by_rules`: a rule of the connection has decided on it. `finished`: delivered, failed or cancelled, so there is nothing to cancel; what has failed and blocks its order is cancelled.",
  });
export type SkipReason = z.infer<typeof SkipReason>;

const Glob = z.string().min(1).max(255).meta({ description: "`*` stands for any run of characters." });
const Ids = manyOf(z.string().max(64));
/** What a person has chosen one by one, or page by page. */
const ChosenIds = manyOf(z.string().max(64), 1_000);

const Rate = {
  rate_limit: WholeNumber(1, 1_000_000)
    .optional()
    .meta({ description: "The operation's own cap. Without one only the destinations limit it." }),
  rate_limit_period: z.enum(["second", "minute", "hour"]).default("minute"),
};

const Window = {
  from: TimeBound.meta({
    description: "When the earliest request came; relative times are resolved once, at the call.",
  }),
  to: TimeBound.default("now").meta({ description: "When the latest came. What comes after the call is not added." }),
};

/** The events to send again, named as a replay names them. */
export const ReplayEvents = z.strictObject({
  source: z.string().max(155).optional().meta({ description: "Id or name of a source." }),
  event_type_pattern: z.union([Glob, z.array(Glob).min(1).max(20)]).optional(),
  ...Window,
  status: manyOf(EventStatus),
  connection_id: z.string().max(64).optional().meta({
    description:
      "One connection. Requests that came before it was made are routed to it: a backfill, unless `status` is given.",
  }),
  destination_id: z.string().max(64).optional(),
  ...Rate,
});
export type ReplayEvents = z.infer<typeof ReplayEvents>;

const EventFilters = {
  ...Window,
  id: ChosenIds,
  source_id: Ids,
  connection_id: Ids,
  destination_id: Ids,
  status: manyOf(EventStatus),
  event_type: EventTypeFilter,
  error_code: manyOf(ErrorCode),
  response_status: ResponseStatuses,
  hold_reason: manyOf(HoldReason),
  ended_because: manyOf(EndReason),
  group: GroupFilter,
};

/** The filters of the list of events. */
export const RetryEvents = z.strictObject({ ...EventFilters, ...Rate });
export type RetryEvents = z.infer<typeof RetryEvents>;

/** The filters of the list of events; those that are not finished end. */
export const CancelEvents = z.strictObject(EventFilters);
export type CancelEvents = z.infer<typeof CancelEvents>;

/** The filters of the list of requests; each is routed again to the connections of its source, or to those named. */
export const RetryRequests = z.strictObject({
  ...Window,
  id: ChosenIds,
  source_id: Ids,
  status: RequestStatus.optional(),
  verified: z.stringbool().or(z.boolean()).optional(),
  event_type: EventTypeFilter,
  connection_ids: z.array(z.string().max(64)).min(1).max(255).optional(),
  ...Rate,
});
export type RetryRequests = z.infer<typeof RetryRequests>;

/** The rows that an operation goes through, with everything in it resolved. Absent fields take all. */
export const BulkFilter = z.object({
  from: Timestamp,
  to: Timestamp,
  id: z.array(z.string()).optional(),
  source_id: z.array(z.string()).optional(),
  connection_id: z.array(z.string()).optional(),
  destination_id: z.array(z.string()).optional(),
  status: z.array(z.string()).optional(),
  event_type: z.string().optional(),
  event_type_pattern: z.array(z.string()).optional(),
  error_code: z.array(z.string()).optional(),
  response_status: z.array(z.int()).optional(),
  hold_reason: z.array(z.string()).optional(),
  ended_because: z.array(z.string()).optional(),
  group: z.array(z.string()).optional(),
  verified: z.boolean().optional(),
  backfills: z
    .boolean()
    .optional()
    .meta({ description: "Requests without an event on the connection are routed to it." }),
});
export type BulkFilter = z.infer<typeof BulkFilter>;

const Skipped = z.partialRecord(SkipReason, z.int());

/** The effect that an operation would have, counted with the filter that it would keep. */
export const BulkPlan = z.object({
  kind: BulkKind,
  filter: BulkFilter,
  count: z.int().meta({ description: "Events that would be sent again, or requests that would be routed." }),
  skipped: Skipped.meta({ description: "What the filter names and the operation would leave out, by reason." }),
  by_status: z.record(z.string(), z.int()),
  destinations: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        count: z.int(),
        rate_limit: z.int().nullable(),
        rate_limit_period: z.enum(["second", "minute", "hour"]),
        sent_per_minute: z.number().meta({ description: "Attempts of the last five minutes, on average." }),
      }),
    )
    .meta({ description: "Where it goes, the most first; at most 20." }),
  sample: z.array(z.string()).meta({ description: "Ids of the first ten." }),
  min_duration_ms: z.int().nullable().meta({ description: "At the cap that was given; null without one." }),
});
export type BulkPlan = z.infer<typeof BulkPlan>;

export const BulkOperation = z.object({
  id: z.string(),
  team_id: z.string(),
  kind: BulkKind,
  state: BulkState,
  filter: BulkFilter,
  rate_limit: z.int().nullable(),
  rate_limit_period: z.enum(["second", "minute", "hour"]).nullable(),
  total_count: z
    .int()
    .nullable()
    .meta({ description: "As the plan counted when it was started; null where that took too long." }),
  looked_at_count: z.int(),
  queued_count: z.int(),
  held_count: z.int().meta({ description: "Put back, but held: their connection is paused." }),
  routed_count: z.int().meta({ description: "Requests handed to routing, once for each connection." }),
  cancelled_count: z.int().meta({ description: "Events that it has ended." }),
  skipped: Skipped,
  error: z.string().nullable(),
  started_by: z.object({
    kind: z.string(),
    id: z.string(),
    name: z.string().nullable().meta({ description: "What lists and reads call it today; null where it has no name." }),
  }),
  created_at: Timestamp,
  finished_at: Timestamp.nullable(),
});
export type BulkOperation = z.infer<typeof BulkOperation>;

/** An operation with the outcomes of the events that it queued. */
export const BulkOperationDetail = BulkOperation.extend({
  outcomes: z.partialRecord(EventStatus, z.int()).meta({
    description: "The states of the events that it queued and that nothing else has queued since.",
  }),
});
export type BulkOperationDetail = z.infer<typeof BulkOperationDetail>;

export const ListBulkOperations = PageInput.extend({ kind: manyOf(BulkKind), state: manyOf(BulkState) });
export type ListBulkOperations = z.infer<typeof ListBulkOperations>;

export const ChangeBulkOperation = z.strictObject({
  ...ById.shape,
  ...Rate,
  rate_limit: Rate.rate_limit.unwrap().nullable().optional(),
});
export type ChangeBulkOperation = z.infer<typeof ChangeBulkOperation>;
