// What an open page is told while it is open.
import { z } from "zod";
import { BulkState } from "./bulk.ts";
import { EventStatus } from "./event.ts";

export const LiveKind = z.enum(["counts", "rates", "requests", "events", "bulk", "config"]);
export type LiveKind = z.infer<typeof LiveKind>;

const Count = z.int();

/** What waits on a connection now, and what has failed in the last 24 hours. */
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
const LiveRequest = z.object({
  id: z.string(),
  source_id: z.string(),
  status: z.string(),
  event_type: z.string().nullable(),
});
const LiveEvent = z.object({
  id: z.string(),
  request_id: z.string(),
  connection_id: z.string(),
  destination_id: z.string(),
  status: EventStatus,
  event_type: z.string().nullable(),
});
const LiveBulk = z.object({
  state: BulkState,
  total_count: Count.nullable(),
  queued_count: Count,
  held_count: Count,
  routed_count: Count,
});

/** Null stands for what is no longer there, or is nothing but zeros. */
const byId = <T extends z.ZodType>(value: T) => z.record(z.string(), value.nullable()).optional();

/** A page's first answer holds all of it (`is_whole`); each later one only what has changed. */
export const LiveChange = z.object({
  is_whole: z.boolean(),
  counts: byId(LiveCounts).meta({ description: "By connection." }),
  is_at_least: z.boolean().optional().meta({ description: "There is more of something than is counted." }),
  rates: byId(LiveRates).meta({ description: "By source, and by connection." }),
  requests: z.array(LiveRequest).optional().meta({ description: "The new ones, the newest first; at most 50." }),
  events: z.array(LiveEvent).optional().meta({ description: "The new ones, the newest first; at most 50." }),
  bulk: byId(LiveBulk).meta({ description: "By bulk operation: those that run, and those that ended just now." }),
  config: z.string().optional().meta({ description: "Another value when any resource of the team has changed." }),
});
export type LiveChange = z.infer<typeof LiveChange>;

export const WatchChanges = z.strictObject({
  kinds: z.array(LiveKind).min(1).max(6).optional(),
  lastEventId: z.string().max(100).nullish(),
});
export type WatchChanges = z.infer<typeof WatchChanges>;
