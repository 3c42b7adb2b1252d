// Things that need attention now.
import { z } from "zod";
import { HoldReason } from "./event-life.ts";
import { Timestamp } from "./resource-fields.ts";

const Named = { id: z.string(), name: z.string() };

export const AttentionItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("destination_failing"),
    ...Named,
    attempt_count: z.int(),
    delivered_count: z.int(),
  }),
  z.object({
    kind: z.literal("events_failed"),
    ...Named,
    destination_id: z.string(),
    destination_name: z.string(),
    failed_count: z.int().meta({ description: "Of the last 24 hours; at most 1,001: then there is more." }),
    first_at: Timestamp,
    last_at: Timestamp.meta({ description: "When the last of them was tried last." }),
    is_answering: z.boolean().meta({ description: "The destination has taken an event since." }),
  }),
  z.object({
    kind: z.literal("connection_held"),
    ...Named,
    reason: HoldReason.nullable(),
    hold_count: z.int().meta({ description: "At most 1,001: then there is more." }),
    oldest_at: Timestamp,
  }),
  z.object({
    kind: z.literal("source_silent"),
    ...Named,
    last_at: Timestamp,
    usual_interval_ms: z.number().meta({ description: "Between two of its requests, over the last day." }),
  }),
  z.object({
    kind: z.literal("rejections_spike"),
    ...Named,
    rejected_count: z.int(),
    usual_count: z.number().meta({ description: "In as long a time, over the day before." }),
  }),
]);
export type AttentionItem = z.infer<typeof AttentionItem>;

export const GetAttention = z.object({});

/** Failing, silent and refusing by the last quarter of an hour, beside the day before it; what is held and what has failed as it is. */
export const Attention = z.object({ now: Timestamp, items: z.array(AttentionItem) });
export type Attention = z.infer<typeof Attention>;
