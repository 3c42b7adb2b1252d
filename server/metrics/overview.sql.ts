// The last spans of a team out of the rollups, one row per span that had traffic.
import { Prisma } from "#server/generated/prisma/client.ts";

/** `count` spans, one after the other, the last of which ends at `to`. */
export interface Spans {
  to: Date;
  spanMs: number;
  count: number;
}

/** Whole spans between a minute and the end: 0 is the span that ends there. */
const spansAgo = ({ to, spanMs }: Spans) =>
  Prisma.sql`greatest(0, floor(extract(epoch from ${to}::timestamptz - bucket) * 1000 / ${spanMs}))::int`;

const within = (teamId: string, { to, spanMs, count }: Spans) =>
  Prisma.sql`team_id = ${teamId} and bucket > ${new Date(to.getTime() - spanMs * count)}::timestamptz and bucket <= ${to}::timestamptz`;

const HOUR_MS = 3_600_000;
const COLUMNS = Prisma.raw(
  "bucket, accepted_count, rejected_count, duplicate_count, ignored_count, delivered_count, failed_count, latency_histogram",
);

/** The rows of the spans: minutes, or hours where a span is longer and as far as the hours have been added up. */
function rowsOf(teamId: string, spans: Spans) {
  const where = within(teamId, spans);
  if (spans.spanMs < HOUR_MS) return Prisma.sql`(select ${COLUMNS} from rollup_minute where ${where}) as row`;
  const hoursUntil = Prisma.sql`(select hours_until from rollup_progress)`;
  return Prisma.sql`(
    select ${COLUMNS} from rollup_hour where ${where} and bucket < ${hoursUntil}
    union all select ${COLUMNS} from rollup_minute where ${where} and bucket >= ${hoursUntil}) as row`;
}

export interface SpanCountsRow {
  spans_ago: number;
  accepted_count: number;
  rejected_count: number;
  duplicate_count: number;
  ignored_count: number;
  delivered_count: number;
  failed_count: number;
}

export const spanCounts = (teamId: string, spans: Spans) => Prisma.sql`
  select ${spansAgo(spans)} as spans_ago,
    sum(accepted_count)::float8 as accepted_count, sum(rejected_count)::float8 as rejected_count,
    sum(duplicate_count)::float8 as duplicate_count, sum(ignored_count)::float8 as ignored_count,
    sum(delivered_count)::float8 as delivered_count, sum(failed_count)::float8 as failed_count
  from ${rowsOf(teamId, spans)} group by 1`;

export interface SpanLatencyRow {
  spans_ago: number;
  /** Index into the bounds of `histogram.ts`, from 0. */
  slot: number;
  count: number;
}

export const spanLatencies = (teamId: string, spans: Spans) => Prisma.sql`
  select ${spansAgo(spans)} as spans_ago, (slot - 1)::int as slot, sum(count)::float8 as count
  from ${rowsOf(teamId, spans)}, unnest(latency_histogram) with ordinality as histogram(count, slot)
  where count > 0 group by 1, 2`;
