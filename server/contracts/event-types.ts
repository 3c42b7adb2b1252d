// Counts of requests and events by event type and source.
import { z } from "zod";
import { manyOf } from "./query-values.ts";
import { TimeBound } from "./time-bound.ts";

export const CountEventTypes = z.object({
  from: TimeBound.default("now-24h"),
  to: TimeBound.default("now"),
  source_id: manyOf(z.string().max(64)),
});
export type CountEventTypes = z.infer<typeof CountEventTypes>;

export const EventTypeCounts = z.object({
  data: z
    .array(
      z.object({
        event_type: z.string().nullable(),
        source_id: z.string(),
        accepted_count: z.int(),
        duplicate_count: z.int(),
        event_count: z.int(),
        delivered_count: z.int(),
        failed_count: z.int(),
      }),
    )
    .meta({ description: "The most accepted first; at most 100." }),
  are_requests_at_least: z.boolean().meta({ description: "More requests came: the newest 10,000 are counted." }),
  are_events_at_least: z.boolean().meta({ description: "There are more events: the newest 10,000 are counted." }),
});
export type EventTypeCounts = z.infer<typeof EventTypeCounts>;
