// The statements of charts: sums of the rollups, and for the queue the partial indexes of events that are not delivered
// yet.

import type { Ctx } from "#server/auth/ctx.ts";
import { ROLLUP_COUNTS, type RollupCount } from "#server/batch/rollup.sql.ts";
import { GRANULARITY_MS, type MetricsDimension, type QueryMetrics } from "#server/contracts/metrics.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

/** The value of each asked dimension; null where the row has none, as requests have no connection at the door. */
export type Series = Partial<Record<MetricsDimension, string | null>>;
export type CountRow = Series & Record<RollupCount, number> & { time_bucket: Date };
export type HistogramRow = Series & { time_bucket: Date; latency_histogram: number[] };
export interface QueueCounts {
  queue_depth: number;
  queued_count: number;
  scheduled_count: number;
  retrying_count: number;
  hold_count: number;
  oldest_age_ms: number | null;
  is_at_least: boolean;
}
export type QueueRow = Series & QueueCounts;

export interface RollupRange {
  input: QueryMetrics;
  startMs: number;
  endMs: number;
  /** The most rows that are read. */
  limit: number;
}

const isIn = (column: MetricsDimension, values: string[] | undefined) =>
  values === undefined ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = any (${values}::text[])`;

const ofIds = (input: QueryMetrics) =>
  Prisma.sql`${isIn("source_id", input.source_id)} and ${isIn("connection_id", input.connection_id)} and ${isIn("destination_id", input.destination_id)}`;

const dimensionsOf = (input: QueryMetrics) => [...new Set(input.dimensions ?? [])];
/** Columns before other columns, or nothing. */
const listed = (columns: string[]) => Prisma.raw(columns.map((column) => `${column}, `).join(""));
const grouped = (columns: string[]) => Prisma.raw(columns.map((column) => `, ${column}`).join(""));
const named = (input: QueryMetrics) =>
  listed(dimensionsOf(input).map((column) => `nullif(${column}, '') as ${column}`));

/** Buckets start at multiples of the granularity since the epoch: days at midnight UTC. */
const timeBucket = (input: QueryMetrics) =>
  Prisma.sql`date_bin(${GRANULARITY_MS[input.granularity]}::integer * interval '1 millisecond', bucket, timestamptz 'epoch')`;

const inRange = (ctx: Ctx, { input, startMs, endMs }: RollupRange) =>
  Prisma.sql`team_id = ${ctx.teamId} and bucket >= ${new Date(startMs)}::timestamptz and bucket < ${new Date(endMs)}::timestamptz and ${ofIds(input)}`;

/** `onBranches`: leave out what was counted at the door, before there was a connection. */
export function selectCounts(ctx: Ctx, range: RollupRange, onBranches: boolean): Promise<CountRow[]> {
  const { input } = range;
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    select ${timeBucket(input)} as time_bucket, ${named(input)}
      ${Prisma.raw(ROLLUP_COUNTS.map((count) => `sum(${count})::float8 as ${count}`).join(", "))}
    from rollup_minute
    where ${inRange(ctx, range)} and ${onBranches ? Prisma.sql`connection_id <> ''` : Prisma.sql`true`}
    group by 1${grouped(dimensionsOf(input))} limit ${range.limit}`,
  );
}

export function selectHistograms(ctx: Ctx, range: RollupRange): Promise<HistogramRow[]> {
  const { input } = range;
  const columns = dimensionsOf(input);
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    select time_bucket, ${named(input)} array_agg(total order by slot) as latency_histogram
    from (
      select ${timeBucket(input)} as time_bucket, ${listed(columns)} slot, sum(n)::float8 as total
      from rollup_minute, unnest(latency_histogram) with ordinality as bar(n, slot)
      where ${inRange(ctx, range)}
      group by 1${grouped(columns)}, slot
    ) as bars
    group by time_bucket${grouped(columns)} limit ${range.limit}`,
  );
}

/** Of one destination, and held by one connection: a chart of a large backlog costs no more than one of a small one. */
const MAX_COUNTED = 10_000;

/**
 * Lanes are indexed by destination and held events by connection, so both are read through those of the team, each up to a bound
 * of its own. What is due first is read first, so the age of the oldest holds beyond it.
 */
export function selectQueue(ctx: Ctx, input: QueryMetrics, now: Date, limit: number): Promise<QueueRow[]> {
  const columns = dimensionsOf(input);
  const groups = columns.length === 0 ? Prisma.empty : Prisma.raw(`group by ${columns.join(", ")}`);
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    select ${listed(columns)}
      count(*) filter (where status <> 'HOLD')::float8 as queue_depth,
      count(*) filter (where status = 'QUEUED')::float8 as queued_count,
      count(*) filter (where status = 'SCHEDULED')::float8 as scheduled_count,
      count(*) filter (where status = 'RETRYING')::float8 as retrying_count,
      count(*) filter (where status = 'HOLD')::float8 as hold_count,
      coalesce(bool_or(is_cut), false) as is_at_least,
      (extract(epoch from ${now}::timestamptz - min(created_at) filter (where status in ('QUEUED', 'RETRYING'))) * 1000)::float8 as oldest_age_ms
    from (
      select ahead.*, count(*) over (partition by destination.id) > ${MAX_COUNTED} as is_cut from destination cross join lateral (
        select source_id, connection_id, destination_id, status, created_at from event
        where ${Prisma.raw(isDue("event"))} and team_id = ${ctx.teamId} and event.destination_id = destination.id
        order by next_attempt_at, id limit ${MAX_COUNTED + 1}
      ) as ahead where destination.team_id = ${ctx.teamId}
      union all
      select held.*, count(*) over (partition by connection.id) > ${MAX_COUNTED} as is_cut from connection cross join lateral (
        select source_id, connection_id, destination_id, status, created_at from event
        where status = 'HOLD' and team_id = ${ctx.teamId} and event.connection_id = connection.id limit ${MAX_COUNTED + 1}
      ) as held where connection.team_id = ${ctx.teamId}
    ) as waiting
    where ${ofIds(input)} ${groups} limit ${limit}`,
  );
}
