// The plan of an operation, counted by the rows that its pages would go through.
import type { Ctx } from "#server/auth/ctx.ts";
import type { BulkFilter, BulkKind, BulkPlan, ReplayEvents, SkipReason } from "#server/contracts/bulk.ts";
import { RATE_PERIOD_MS, type RatePeriod } from "#server/contracts/rate-period.ts";
import { AppError } from "#server/errors/app-error.ts";
import { countStatement, type Operation, sampleStatement } from "#server/replay/targets.sql.ts";

export type Rate = Pick<ReplayEvents, "rate_limit" | "rate_limit_period">;

const SAMPLE = 10;
const SHOWN_DESTINATIONS = 20;
interface Counted {
  status: string;
  destination_ids: string[];
  skip: SkipReason | null;
  count: number;
}

const countTargets = (ctx: Ctx, operation: Operation) => ctx.app.searches.run<Counted>(ctx, countStatement(operation));

const sumOf = (rows: Counted[]) => rows.reduce((sum, { count }) => sum + count, 0);

function sumBy(rows: Counted[], keysOf: (row: Counted) => string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) for (const key of keysOf(row)) sums[key] = (sums[key] ?? 0) + row.count;
  return sums;
}

const bySkip = (rows: Counted[]) => sumBy(rows, ({ skip }) => (skip === null ? [] : [skip]));

/** The exact count with where it goes, and what is left out and why. */
export async function plan(ctx: Ctx, kind: BulkKind, filter: BulkFilter, rate: Rate): Promise<BulkPlan> {
  const operation = { teamId: ctx.teamId, kind, filter };
  const rows = await countTargets(ctx, operation);
  const sample = await ctx.app.searches.run<{ id: string }>(ctx, sampleStatement(operation, SAMPLE));
  const chosen = rows.filter(({ skip }) => skip === null);
  const count = sumOf(chosen);
  const byDestination = sumBy(chosen, ({ destination_ids }) => destination_ids);
  return {
    kind,
    filter,
    count,
    skipped: bySkip(rows),
    by_status: sumBy(chosen, ({ status }) => [status]),
    destinations: await describeDestinations(ctx, byDestination),
    sample: sample.map(({ id }) => id),
    min_duration_ms: rate.rate_limit
      ? Math.ceil((count * RATE_PERIOD_MS[rate.rate_limit_period]) / rate.rate_limit)
      : null,
  };
}

const PACE_MINUTES = 5;

/** Where it goes, with what each takes and gets at present. */
async function describeDestinations(ctx: Ctx, counts: Record<string, number>): Promise<BulkPlan["destinations"]> {
  const most = Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, SHOWN_DESTINATIONS);
  const rows = await ctx.app.searches.run<DestinationRow>(ctx, {
    text: `
select d.id, d.name, (d.config ->> 'rate_limit')::int as rate_limit, coalesce(d.config ->> 'rate_limit_period', 'minute') as rate_limit_period,
  coalesce((select sum(m.attempt_count) from rollup_minute m where m.team_id = d.team_id and m.destination_id = d.id
    and m.bucket >= date_trunc('minute', $3::timestamptz) - interval '${PACE_MINUTES} minutes'
    and m.bucket < date_trunc('minute', $3::timestamptz)), 0)::float8 / ${PACE_MINUTES} as sent_per_minute
from destination d where d.team_id = $1 and d.id = any ($2::text[])`,
    values: [ctx.teamId, most.map(([id]) => id), ctx.app.now()],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const unknown = { rate_limit: null, rate_limit_period: "minute" as const, sent_per_minute: 0 };
  return most.map(([id, count]) => ({ name: id, ...unknown, ...byId.get(id), id, count }));
}

interface DestinationRow {
  id: string;
  name: string;
  rate_limit: number | null;
  rate_limit_period: RatePeriod;
  sent_per_minute: number;
}

/**
 * The number of targets; null when counting takes longer than a search may.
 * @throws AppError UNPROCESSABLE for none
 */
export async function countAhead(ctx: Ctx, operation: Operation): Promise<number | null> {
  const rows = await countTargets(ctx, operation).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "UNPROCESSABLE") return null;
    throw error;
  });
  if (rows === null) return null;
  const count = sumOf(rows.filter(({ skip }) => skip === null));
  if (count > 0) return count;
  const skipped = Object.entries(bySkip(rows)).map(([reason, n]) => `${n} ${reason}`);
  const message =
    skipped.length === 0
      ? "Nothing matches: widen the window or the filters."
      : `Nothing is left to do: ${skipped.join(", ")}.`;
  throw new AppError("UNPROCESSABLE", message, [{ path: "from", message }]);
}
