import { z } from "zod";
import { EventSummary } from "./event.ts";
import { Timestamp } from "./resource-fields.ts";

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

export const OverviewWindow = z.enum(["24h", "7d", "30d"]);
export type OverviewWindow = z.infer<typeof OverviewWindow>;

export const GetOverview = z.object({
  window: OverviewWindow.default("24h").meta({ description: "How far back the numbers reach from now." }),
});
export type GetOverview = z.infer<typeof GetOverview>;

/** The first page: a span of time in numbers, and the last events. */
export const Overview = z.object({
  now: Timestamp,
  window: OverviewWindow,
  totals: OverviewCounts,
  previous: OverviewCounts.meta({ description: "Of as long a time before." }),
  spans: z.array(OverviewCounts).meta({ description: "48 equal spans that end now, oldest first." }),
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
