// Histogram: the number of rows of a list over time, with the filters of the list.
import { z } from "zod";
import { ListAttempts } from "./attempt.ts";
import { ListEvents } from "./event.ts";
import { WholeNumber } from "./query-values.ts";
import { ListRequests } from "./request.ts";
import { Timestamp } from "./resource-fields.ts";
import { TimeBound } from "./time-bound.ts";

const PAGING = { limit: true, order_by: true, dir: true, next: true, prev: true } as const;
const RANGE = {
  from: TimeBound.default("now-24h"),
  to: TimeBound.default("now"),
  buckets: WholeNumber(1, 240).default(60),
};

export const EventHistogram = ListEvents.omit(PAGING).extend(RANGE);
export type EventHistogram = z.infer<typeof EventHistogram>;
export const RequestHistogram = ListRequests.omit(PAGING).extend(RANGE);
export type RequestHistogram = z.infer<typeof RequestHistogram>;
export const AttemptHistogram = ListAttempts.omit({ ...PAGING, with_body: true }).extend(RANGE);
export type AttemptHistogram = z.infer<typeof AttemptHistogram>;

export const Histogram = z.object({
  from: Timestamp,
  to: Timestamp,
  bucket_ms: z.int(),
  data: z.array(z.object({ time_bucket: Timestamp, counts: z.record(z.string(), z.int()) })).meta({
    description: "By status. Buckets without a row are there, without counts.",
  }),
  total: z.int(),
  is_at_least: z.boolean().meta({
    description: "There is more in the range than is looked through: what came before `counted_from` is not counted.",
  }),
  counted_from: Timestamp,
});
export type Histogram = z.infer<typeof Histogram>;

export const RequestCounts = Histogram.extend({
  duplicate_count: z.int().meta({ description: "Of `total`: what the provider had sent before." }),
  no_connection_count: z.int().meta({ description: "Of `total`: accepted, with nowhere to go." }),
});
export type RequestCounts = z.infer<typeof RequestCounts>;
