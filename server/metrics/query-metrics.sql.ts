// The statements of charts over the rollups.

import type { Ctx } from "#server/auth/ctx.ts";
import { ROLLUP_COUNTS, type RollupCount } from "#server/batch/rollup.sql.ts";
import { GRANULARITY_MS, type MetricsDimension, type QueryMetrics } from "#server/contracts/metrics.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { rollupRows, type Stretch } from "./grains.sql.ts";

/** The value of each asked dimension; null where the row has none, as requests have no connection at the door. */
export type Series = Partial<Record<MetricsDimension, string | null>>;
export type CountRow = Series & Record<RollupCount, number> & { time_bucket: Date };
export type HistogramRow = Series & { time_bucket: Date; latency_histogram: number[] };

export interface RollupRange extends Stretch {
  input: QueryMetrics;
  /** The most rows that are read. */
  limit: number;
}

const isIn = (column: MetricsDimension, values: string[] | undefined) =>
  values === undefined ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = any (${values}::text[])`;

export const ofIds = (input: QueryMetrics) =>
  Prisma.sql`${isIn("source_id", input.source_id)} and ${isIn("connection_id", input.connection_id)} and ${isIn("destination_id", input.destination_id)}`;

export const dimensionsOf = (input: QueryMetrics) => [...new Set(input.dimensions ?? [])];
/** Columns before other columns, or nothing. */
export const listed = (columns: string[]) => Prisma.raw(columns.map((column) => `${column}, `).join(""));
const grouped = (columns: string[]) => Prisma.raw(columns.map((column) => `, ${column}`).join(""));
const named = (input: QueryMetrics) =>
  listed(dimensionsOf(input).map((column) => `nullif(${column}, '') as ${column}`));

/** The start of the bucket that a row belongs to: a multiple of the granularity since the epoch, or midnight in the zone. */
export function timeBucket({ input: { granularity, time_zone }, startMs }: RollupRange) {
  if (granularity === "total") return Prisma.sql`${new Date(startMs)}::timestamptz`;
  if (granularity === "1d") return Prisma.sql`date_trunc('day', bucket, ${time_zone})`;
  return Prisma.sql`date_bin(${GRANULARITY_MS[granularity]}::integer * interval '1 millisecond', bucket, timestamptz 'epoch')`;
}

const KEY = "r.bucket, r.source_id, r.connection_id, r.destination_id";
const COUNTS = `${KEY}, ${ROLLUP_COUNTS.map((count) => `r.${count}`).join(", ")}`;

/** `onBranches`: leave out what was counted at the door, before there was a connection. */
export function selectCounts(ctx: Ctx, range: RollupRange, onBranches: boolean): Promise<CountRow[]> {
  const { input } = range;
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    with ${rollupRows(ctx, range, COUNTS)}
    select ${timeBucket(range)} as time_bucket, ${named(input)}
      ${Prisma.raw(ROLLUP_COUNTS.map((count) => `sum(${count})::float8 as ${count}`).join(", "))}
    from rollup
    where ${ofIds(input)} and ${onBranches ? Prisma.sql`connection_id <> ''` : Prisma.sql`true`}
    group by 1${grouped(dimensionsOf(input))} limit ${range.limit}`,
  );
}

export function selectHistograms(ctx: Ctx, range: RollupRange): Promise<HistogramRow[]> {
  const { input } = range;
  const columns = dimensionsOf(input);
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    with ${rollupRows(ctx, range, `${KEY}, r.latency_histogram`)}
    select time_bucket, ${named(input)} array_agg(total order by slot) as latency_histogram
    from (
      select ${timeBucket(range)} as time_bucket, ${listed(columns)} slot, sum(n)::float8 as total
      from rollup, unnest(latency_histogram) with ordinality as bar(n, slot)
      where ${ofIds(input)}
      group by 1${grouped(columns)}, slot
    ) as bars
    group by time_bucket${grouped(columns)} limit ${range.limit}`,
  );
}
