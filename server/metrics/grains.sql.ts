// The rows that a chart adds up: the coarsest sums whose whole span lies in one of its buckets, and finer ones where an hour
// is not made yet, has changed since, or is cut by a bound. So a chart is exact whatever the worker has done so far.
import type { Ctx } from "#server/auth/ctx.ts";
import { GRANULARITY_MS, type Granularity } from "#server/contracts/metrics.ts";
import { Prisma } from "#server/generated/prisma/client.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Stretch {
  startMs: number;
  endMs: number;
  granularity: Granularity;
  /** The starts of the buckets, in milliseconds. */
  buckets: number[];
}

const at = (ms: number) => Prisma.sql`${new Date(ms)}::timestamptz`;
const floor = (ms: number, stepMs: number) => Math.floor(ms / stepMs) * stepMs;

/** The hours that begin in one bucket and end in another, or outside. */
const cutHours = ({ startMs, endMs, buckets }: Stretch): Date[] =>
  [...new Set([startMs, endMs, ...buckets].filter((ms) => ms % HOUR_MS !== 0).map((ms) => floor(ms, HOUR_MS)))].map(
    (ms) => new Date(ms),
  );

/** Whether the buckets are days in UTC, so that a day's sum lies in one. */
const areDays = ({ granularity, buckets }: Stretch) => granularity === "1d" && buckets.every((ms) => ms % DAY_MS === 0);

/** The `with` list that names the rows of a team in a stretch: `rollup`, with the columns of `rollup_minute`. */
export function rollupRows(ctx: Ctx, stretch: Stretch, columns: string) {
  const { startMs, endMs, granularity } = stretch;
  const hasHours = granularity === "total" || GRANULARITY_MS[granularity] >= HOUR_MS;
  const series = (fromMs: number, untilMs: number, step: "hour" | "day") =>
    Prisma.sql`generate_series(${at(fromMs)}, ${at(untilMs)} - interval '1 millisecond', ${Prisma.raw(`interval '1 ${step}'`)})`;
  return Prisma.sql`
    changed as materialized (select distinct hour from rollup_late where team_id = ${ctx.teamId} and hour < ${at(endMs)}),
    made as materialized (select hours_until as until from rollup_progress where id = 1),
    days as materialized (
      select day from ${series(Math.ceil(startMs / DAY_MS) * DAY_MS, endMs, "day")} as day, made
      where ${areDays(stretch)} and day + interval '1 day' <= least(until, ${at(endMs)})
        and not exists (select from changed where hour >= day and hour < day + interval '1 day')
    ),
    rest as materialized (
      select each.hour, ${hasHours} and each.hour + interval '1 hour' <= until and each.hour <> all (${cutHours(stretch)}::timestamptz[])
        and not exists (select from changed where changed.hour = each.hour) as is_made
      from ${series(floor(startMs, HOUR_MS), endMs, "hour")} as each(hour), made
      where not exists (select from days where each.hour >= day and each.hour < day + interval '1 day')
    ),
    rollup as (
      select ${Prisma.raw(columns)} from days join rollup_day r on r.team_id = ${ctx.teamId} and r.bucket = day
      union all
      select ${Prisma.raw(columns)} from rest join rollup_hour r on r.team_id = ${ctx.teamId} and r.bucket = hour where is_made
      union all
      select ${Prisma.raw(columns)} from rest join rollup_minute r on r.team_id = ${ctx.teamId}
        and r.bucket >= greatest(hour, ${at(startMs)}) and r.bucket < least(hour + interval '1 hour', ${at(endMs)}) where not is_made
    )`;
}
