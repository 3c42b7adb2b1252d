// The length of a destination's line. The number of events that an operation may add follows from it.
import { RATE_PERIOD_MS, type RatePeriod } from "#server/contracts/rate-period.ts";
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";

export interface Line {
  /** Due now, whoever put it there; counted up to {@link MAX_COUNTED}. */
  waiting: number;
  /** The destination's rate limit, in sends a period; null without one. */
  limit: number | null;
  periodMs: number;
}

/** The longest line that an operation ever adds to. */
export const MAX_COUNTED = 2_000;

const LINES = {
  name: "bulk-lines",
  text: `
select d.id, (d.config ->> 'rate_limit')::int as rate_limit, d.config ->> 'rate_limit_period' as rate_limit_period, (
    select count(*)::int from (
      select from event e where e.destination_id = d.id and ${isDue("e")} and e.next_attempt_at <= $3::timestamptz limit $4
    ) as due
  ) as waiting
from destination d where d.team_id = $1 and d.id = any ($2::text[])`,
};

/** The lines of destinations of a team, by their ids. One that is gone has none. */
export async function readLines(
  db: Queryable,
  teamId: string,
  destinationIds: readonly string[],
  now: Date,
): Promise<Map<string, Line>> {
  if (destinationIds.length === 0) return new Map();
  const { rows } = await db.query({ ...LINES, values: [teamId, destinationIds, now, MAX_COUNTED] });
  return new Map(
    rows.map(({ id, waiting, rate_limit, rate_limit_period }) => [
      id,
      { waiting, limit: rate_limit, periodMs: RATE_PERIOD_MS[(rate_limit_period ?? "minute") as RatePeriod] },
    ]),
  );
}
