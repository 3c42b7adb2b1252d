// The queue as it stands, from the counters of its branches, and as it stood, from the samples.
import type { Ctx } from "#server/auth/ctx.ts";
import type { QueryMetrics } from "#server/contracts/metrics.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { countsAsLate, isDue } from "#server/events/lifecycle.sql.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import { dimensionsOf, listed, ofIds, type RollupRange, type Series, timeBucket } from "./query-metrics.sql.ts";

export interface QueueCounts {
  queue_depth: number;
  queued_count: number;
  scheduled_count: number;
  retrying_count: number;
  hold_count: number;
  failed_count: number;
  oldest_age_ms: number | null;
}
export type QueueRow = Series & QueueCounts;

/** At each destination this many that are due first are looked at for the oldest. */
const LOOKED_AT = 1_000;

const groups = (columns: string[]) =>
  columns.length === 0 ? Prisma.empty : Prisma.raw(`group by ${columns.join(", ")}`);

/** Costs the same however many wait: counters, and a bounded look at each destination that has a queue. */
export function selectQueue(ctx: Ctx, input: QueryMetrics, now: Date, limit: number): Promise<QueueRow[]> {
  const columns = dimensionsOf(input);
  const sum = (count: string) => `coalesce(sum(${count}), 0)::float8`;
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    with counted as materialized (
      select * from (${Prisma.raw(BRANCH_COUNT_ROWS)}) as counts where team_id = ${ctx.teamId} and ${ofIds(input)}
    ), ahead as materialized (
      select first.* from (
        select destination_id from counted group by destination_id having sum(queued_count + retrying_count) > 0
      ) as busy cross join lateral (
        select source_id, connection_id, destination_id, status, created_at from event
        where ${Prisma.raw(isDue("event"))} and team_id = ${ctx.teamId} and event.destination_id = busy.destination_id
        order by next_attempt_at, id limit ${LOOKED_AT}
      ) as first
    ), oldest as (
      select ${listed(columns)} min(created_at) as created_at from ahead
      where ${Prisma.raw(countsAsLate("ahead"))} and ${ofIds(input)} ${groups(columns)}
    ), sums as (
      select ${listed(columns)} ${Prisma.raw(
        `${sum("queued_count + scheduled_count + retrying_count")} as queue_depth, ${["queued_count", "scheduled_count", "retrying_count", "hold_count", "failed_count"].map((count) => `${sum(count)} as ${count}`).join(", ")}`,
      )} from counted ${groups(columns)}
    )
    select sums.*, (extract(epoch from ${now}::timestamptz - oldest.created_at) * 1000)::float8 as oldest_age_ms
    from sums left join oldest ${columns.length === 0 ? Prisma.sql`on true` : Prisma.raw(`using (${columns.join(", ")})`)}
    ${columns.length === 0 ? Prisma.empty : Prisma.sql`where queue_depth + hold_count + failed_count > 0`}
    limit ${limit}`,
  );
}

export type SampleRow = Series & {
  time_bucket: Date;
  queue_depth: number;
  hold_count: number;
  oldest_age_ms: number | null;
};

/** Of each bucket the sample in which most waited: samples of one queue do not add up over time. */
export function selectSamples(ctx: Ctx, range: RollupRange): Promise<SampleRow[]> {
  const { input, startMs, endMs, limit } = range;
  const columns = dimensionsOf(input);
  return ctx.app.searches.run(
    ctx,
    Prisma.sql`
    select ${timeBucket(range)} as time_bucket, ${listed(columns)} max(queue_depth)::float8 as queue_depth,
      max(hold_count)::float8 as hold_count, max(oldest_age_ms)::float8 as oldest_age_ms
    from (
      select bucket, ${listed(columns)} sum(queue_depth) as queue_depth, sum(hold_count) as hold_count, max(oldest_age_ms) as oldest_age_ms
      from queue_sample
      where team_id = ${ctx.teamId} and bucket >= ${new Date(startMs)}::timestamptz and bucket < ${new Date(endMs)}::timestamptz and ${ofIds(input)}
      group by bucket${Prisma.raw(columns.map((column) => `, ${column}`).join(""))}
    ) as samples
    group by 1${Prisma.raw(columns.map((column) => `, ${column}`).join(""))} limit ${limit}`,
  );
}
