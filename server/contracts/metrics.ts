import { z } from "zod";
import { manyOf } from "./query-values.ts";
import { Timestamp } from "./resource-fields.ts";
import { TimeBound } from "./time-bound.ts";
import { TimeZone } from "./time-zone.ts";

export const MetricsSubject = z.enum(["requests", "events", "attempts", "queue", "backlog"]);
export type MetricsSubject = z.infer<typeof MetricsSubject>;

export const Granularity = z.enum(["1m", "5m", "15m", "1h", "6h", "1d", "total"]);
export type Granularity = z.infer<typeof Granularity>;
export const GRANULARITY_MS: Record<Exclude<Granularity, "total">, number> = {
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
  "1h": 3_600_000,
  "6h": 21_600_000,
  "1d": 86_400_000,
};

export const MetricsDimension = z.enum(["source_id", "connection_id", "destination_id"]);
export type MetricsDimension = z.infer<typeof MetricsDimension>;

export const QueryMetrics = z.object({
  date_range: z.object({ start: TimeBound.default("now-24h"), end: TimeBound.default("now") }).prefault({}),
  granularity: Granularity.default("1h").meta({
    description: "`total` is the whole range in one bucket, from its first minute on.",
  }),
  compare: z
    .enum(["previous"])
    .optional()
    .meta({ description: "Adds the range of the same length that ends where this one starts." }),
  time_zone: TimeZone.default("UTC").meta({
    description: "Days begin at midnight here. All other buckets lie on multiples of the granularity in UTC.",
  }),
  dimensions: manyOf(MetricsDimension),
  source_id: manyOf(z.string().max(64)),
  connection_id: manyOf(z.string().max(64)),
  destination_id: manyOf(z.string().max(64)),
});
export type QueryMetrics = z.infer<typeof QueryMetrics>;

/** One bucket and one combination of the asked dimensions. Buckets without traffic are present with zeros. */
export const MetricsPoint = z.object({
  time_bucket: Timestamp,
  dimensions: z.partialRecord(MetricsDimension, z.string().nullable()),
  metrics: z.record(z.string(), z.number().nullable()),
});
export type MetricsPoint = z.infer<typeof MetricsPoint>;

const Points = {
  data: z.array(MetricsPoint),
  date_range: z.object({ start: Timestamp, end: Timestamp }),
};

export const Metrics = z.object({
  ...Points,
  granularity: Granularity,
  comparison: z.object(Points).optional().meta({ description: "With `compare`: bucket for bucket the time before." }),
});
export type Metrics = z.infer<typeof Metrics>;
