// Changes that an open page is told of.
import { z } from "zod";
import { BreakerReading } from "./breaker.ts";
import { BulkState } from "./bulk.ts";
import { EventSummary } from "./event.ts";
import { IssueKind, IssueState, IssueSubjectKind } from "./issue.ts";
import { Timestamp } from "./resource-fields.ts";

export const LiveKind = z.enum([
  "counts",
  "rates",
  "requests",
  "events",
  "bulk",
  "config",
  "sources",
  "destinations",
  "issues",
]);
export type LiveKind = z.infer<typeof LiveKind>;

const Count = z.int();

/** The events that wait on a connection now, and those that failed in the last 24 hours. */
export const LiveCounts = z.object({
  destination_id: z.string(),
  queued_count: Count,
  scheduled_count: Count,
  retrying_count: Count,
  hold_count: Count,
  failed_count: Count,
});
export type LiveCounts = z.infer<typeof LiveCounts>;

/** Of the running and the last whole minute together. */
const LiveRates = z.object({ accepted_count: Count, delivered_count: Count, failed_count: Count });

/** What a card of a source shows besides its rate. */
const LiveSource = z.object({
  rejected_count: Count.meta({ description: "In the last hour." }),
  last_request_at: Timestamp.nullable().meta({ description: "To the minute; of long ago, to the hour." }),
  is_silent: z.boolean().meta({ description: "It has not been heard for unusually long." }),
});
/** What a card of a destination shows besides its counts. */
const LiveDestination = z.object({
  oldest_at: Timestamp.nullable().meta({ description: "When the oldest of the events that wait was made." }),
  latency_p95: z.number().nullable().meta({ description: "Of the attempts of the last 15 minutes, in milliseconds." }),
  limit_used_count: Count.nullable().meta({ description: "Sends of the period that ends now; null without a limit." }),
  in_flight_count: Count.meta({ description: "Sends under way, as of the last three seconds." }),
  breaker: BreakerReading.nullable().meta({ description: "Null while it is closed and nothing is known of it." }),
});
export const LiveRequest = z.object({
  id: z.string(),
  source_id: z.string(),
  status: z.string(),
  event_type: z.string().nullable(),
});
export type LiveRequest = z.infer<typeof LiveRequest>;
/** The fields of an event that a list shows, so that a row on a page can be kept right in place. */
export const LiveEvent = EventSummary.pick({
  id: true,
  request_id: true,
  source_id: true,
  connection_id: true,
  destination_id: true,
  status: true,
  event_type: true,
  attempts: true,
  response_status: true,
  error_code: true,
  hold_reason: true,
  delivered_at: true,
  created_at: true,
});
export type LiveEvent = z.infer<typeof LiveEvent>;
const LiveBulk = z.object({
  state: BulkState,
  total_count: Count.nullable(),
  queued_count: Count,
  held_count: Count,
  routed_count: Count,
  cancelled_count: Count,
});

/** An issue that is not resolved. */
const LiveIssue = z.object({
  kind: IssueKind,
  state: IssueState,
  needs_person: z.boolean(),
  subject_kind: IssueSubjectKind,
  subject_id: z.string(),
  updated_at: z.string(),
});

/** Null stands for a row that is gone, or is nothing but zeros. */
const byId = <T extends z.ZodType>(value: T) => z.record(z.string(), value.nullable()).optional();

/** A page's first answer holds all of it (`is_whole`); each later one only what has changed, and may say that nothing has. */
export const LiveChange = z.object({
  is_whole: z.boolean(),
  counts: byId(LiveCounts).meta({ description: "By connection." }),
  is_at_least: z.boolean().optional().meta({ description: "More events have failed than are counted." }),
  rates: byId(LiveRates).meta({ description: "By source, and by connection." }),
  requests: z.array(LiveRequest).optional().meta({ description: "The new ones, the newest first; at most 50." }),
  events: z
    .array(LiveEvent)
    .optional()
    .meta({ description: "Of the 50 newest those that are new or have changed, the newest first." }),
  bulk: byId(LiveBulk).meta({ description: "By bulk operation: those that run, and those that ended just now." }),
  sources: byId(LiveSource).meta({ description: "Those that were heard in the last day." }),
  destinations: byId(LiveDestination).meta({ description: "Those at which something waits, or was tried lately." }),
  issues: byId(LiveIssue).meta({ description: "Those that are not resolved; at most 500." }),
  config: z.string().optional().meta({ description: "Another value when any resource of the team has changed." }),
});
export type LiveChange = z.infer<typeof LiveChange>;

export const WatchChanges = z.strictObject({
  kinds: z.array(LiveKind).min(1).max(LiveKind.options.length).optional(),
  lastEventId: z.string().max(100).nullish(),
});
export type WatchChanges = z.infer<typeof WatchChanges>;
