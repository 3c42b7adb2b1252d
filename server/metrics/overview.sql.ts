// The last hours of a team out of the rollups, one row per hour that had traffic.
import { Prisma } from "#server/generated/prisma/client.ts";

const HOUR_S = 3600;

/** Whole hours between a minute and `to`: 0 is the hour that ends at `to`. */
const hoursAgo = (to: Date) =>
  Prisma.sql`greatest(0, floor(extract(epoch from ${to}::timestamptz - bucket) / ${HOUR_S}))::int`;

const inSpan = (teamId: string, from: Date, to: Date) =>
  Prisma.sql`team_id = ${teamId} and bucket > ${from}::timestamptz and bucket <= ${to}::timestamptz`;

export interface HourCountsRow {
  hours_ago: number;
  accepted_count: number;
  rejected_count: number;
  duplicate_count: number;
  ignored_count: number;
  delivered_count: number;
  failed_count: number;
}

export const hourCounts = (teamId: string, from: Date, to: Date) => Prisma.sql`
  select ${hoursAgo(to)} as hours_ago,
    sum(accepted_count)::float8 as accepted_count, sum(rejected_count)::float8 as rejected_count,
    sum(duplicate_count)::float8 as duplicate_count, sum(ignored_count)::float8 as ignored_count,
    sum(delivered_count)::float8 as delivered_count, sum(failed_count)::float8 as failed_count
  from rollup_minute where ${inSpan(teamId, from, to)} group by 1`;

export interface HourLatencyRow {
  hours_ago: number;
  /** Index into the bounds of `histogram.ts`, from 0. */
  slot: number;
  count: number;
}

export const hourLatencies = (teamId: string, from: Date, to: Date) => Prisma.sql`
  select ${hoursAgo(to)} as hours_ago, (slot - 1)::int as slot, sum(count)::float8 as count
  from rollup_minute, unnest(latency_histogram) with ordinality as histogram(count, slot)
  where ${inSpan(teamId, from, to)} and count > 0 group by 1, 2`;
