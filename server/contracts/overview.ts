import { z } from "zod";
import { EventSummary } from "./event.ts";
import { Timestamp } from "./page.ts";

/** Counts over a span of time. Shares and percentiles are null where nothing was counted. */
export const OverviewCounts = z.object({
  accepted_count: z.int(),
  rejected_count: z.int(),
  duplicate_count: z.int(),
  ignored_count: z.int(),
  delivered_count: z.int(),
  failed_count: z.int(),
  success_rate: z.number().nullable().meta({ description: "Delivered of all events that ended, 0 to 1." }),
  latency_p95: z.number().nullable().meta({ description: "Of all attempts, in milliseconds." }),
});
export type OverviewCounts = z.infer<typeof OverviewCounts>;

/** An event with the names of the two ends it runs between. */
export const LatestEvent = EventSummary.extend({
  source_name: z.string().nullable(),
  destination_name: z.string().nullable(),
});
export type LatestEvent = z.infer<typeof LatestEvent>;

/** The overview has no choices yet. */
export const GetOverview = z.object({});

/** The first page: the last 24 hours in numbers, and the last events. */
export const Overview = z.object({
  now: Timestamp,
  totals: OverviewCounts,
  hours: z.array(OverviewCounts).meta({ description: "24 spans of one hour that end now, oldest first." }),
  sources_count: z.int(),
  connections_count: z.int(),
  destinations_count: z.int(),
  latest_events: z.array(LatestEvent),
  gateway_url: z.string(),
  open_source_url: z
    .string()
    .nullable()
    .meta({ description: "The newest source that takes unsigned requests, if any." }),
});
export type Overview = z.infer<typeof Overview>;
