// Things that need attention now.
import { z } from "zod";
import { HoldReason } from "./event-life.ts";
import { Timestamp } from "./page.ts";

const Named = { id: z.string(), name: z.string() };

export const AttentionItem = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("destination_failing"),
    ...Named,
    attempt_count: z.int(),
    delivered_count: z.int(),
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

/** Each kind by the last quarter of an hour, beside the day before it. */
export const Attention = z.object({ now: Timestamp, items: z.array(AttentionItem) });
export type Attention = z.infer<typeof Attention>;
