// A team's rows by age: their number and size, for a time of retention that would remove them.
import type { StoredKind } from "#server/contracts/retention.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { lowestId } from "#server/ids.ts";

interface Statement {
  text: string;
  values: unknown[];
}

/** The kinds in the order of their removal: nothing that stays refers to what is gone. */
export const STORED_KINDS: readonly StoredKind[] = ["attempt", "ignored_event", "event", "request"];

/** Counting reads the index alone, some two microseconds a row. A look at everything stops sooner than a plan, whose number is acted on. */
export const MAX_COUNTED = { look: 250_000, plan: 1_000_000 };
/** Sizes are read from the rows. */
const MAX_SIZED = 20_000;
/** Ids, times and numbers of a row, and its head. */
const FIXED_BYTES = 200;
const VARIABLE: Record<StoredKind, readonly string[]> = {
  request: ["path", "query", "headers", "body", "rejection_detail"],
  event: ["transformed", "transformed_body", "moves", "why"],
  attempt: ["requested_url", "request_headers", "response_headers", "response_body"],
  ignored_event: ["detail", "why"],
};

// The size of a value that is stored out of its row is read without the value.
const bytesOf = (kind: StoredKind) =>
  [FIXED_BYTES, ...VARIABLE[kind].map((column) => `coalesce(pg_column_size(${column}), 0)`)].join(" + ");

/** The time of the oldest event that is still to be delivered; null for none. It and younger ones stay. */
export const oldestOwed = (teamId: string): Statement => ({
  // Two looks, because each kind has a small index of its own; one look for both would read every event of the team.
  text: `select least(
    (select min(created_at) from event where team_id = $1 and ${isDue("event")}),
    (select min(created_at) from event where team_id = $1 and status = 'HOLD')) as oldest`,
  values: [teamId],
});

export interface RowsOfAge {
  count: number;
  is_at_least: boolean;
  sized: number;
  sized_bytes: number;
  oldest_at: Date | null;
}

/** A team's rows of one kind from one instant up to another, the first included. Counting stops after `most`. */
export const rowsBetween = (
  teamId: string,
  kind: StoredKind,
  { fromMs, toMs, most }: { fromMs: number; toMs: number; most: number },
): Statement => ({
  text: `
with aged as (select ${bytesOf(kind)} as bytes, created_at from ${kind}
    where team_id = $1 and id >= $2 and id < $3 order by id limit ${MAX_SIZED}),
  counted as (select count(*)::int as count from (
    select from ${kind} where team_id = $1 and id >= $2 and id < $3 limit ${most + 1}) as bounded)
select least(counted.count, ${most}) as count, counted.count > ${most} as is_at_least, count(aged)::int as sized,
  coalesce(sum(aged.bytes), 0)::float8 as sized_bytes, min(aged.created_at) as oldest_at
from counted left join aged on true group by counted.count`,
  values: [teamId, lowestId(kind, fromMs), lowestId(kind, toMs)],
});

/** A team's failed events from before an instant. */
export const failedBefore = (teamId: string, beforeMs: number): Statement => ({
  text: `select count(*)::int as count from (
    select from event where team_id = $1 and id < $2 and status = 'FAILED' limit ${MAX_SIZED + 1}) as bounded`,
  values: [teamId, lowestId("event", beforeMs)],
});
export const MAX_FAILED = MAX_SIZED;
