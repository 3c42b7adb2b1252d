import { z } from "zod";
import { manyOf, Timestamp } from "./page.ts";
import { TimeBound } from "./time-bound.ts";

export const MetricsSubject = z.enum(["requests", "events", "attempts", "queue"]);
export type MetricsSubject = z.infer<typeof MetricsSubject>;

export const Granularity = z.enum(["1m", "5m", "1h", "1d"]);
export type Granularity = z.infer<typeof Granularity>;
export const GRANULARITY_MS: Record<Granularity, number> = {
  "1m": 60_000,
  "5m": 300_000,
  "1h": 3_600_000,
  "1d": 86_400_000,
};

export const MetricsDimension = z.enum(["source_id", "connection_id", "destination_id"]);
export type MetricsDimension = z.infer<typeof MetricsDimension>;

export const QueryMetrics = z.object({
  date_range: z.object({ start: TimeBound.default("now-24h"), end: TimeBound.default("now") }).prefault({}),
  granularity: Granularity.default("1h"),
  compare: z
    .enum(["previous"])
    .optional()
    .meta({ description: "Adds the range of the same length that ends where this one starts." }),
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
  is_at_least: z.boolean().optional().meta({
    description:
      "Of the queue: more waits at a destination, or is held by a connection, than the 10,000 that are counted.",
  }),
  comparison: z.object(Points).optional().meta({ description: "With `compare`: bucket for bucket the time before." }),
});
export type Metrics = z.infer<typeof Metrics>;
