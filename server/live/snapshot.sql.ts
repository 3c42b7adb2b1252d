// The state of a team, read in one statement whose cost hardly grows with the amount of data.
import type { LiveChange, LiveCounts } from "#server/contracts/live.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { lowestId } from "#server/ids.ts";

/** More failed events of a team than this are said to be at least so many. What waits and is held is counted as it moves. */
export const MAX_FAILED = 10_000;
const NEWEST = 50;
/** How far back the newest rows are looked for: those that change later are told by the counts alone. */
const RECENT_MS = 900_000;
const DAY_MS = 86_400_000;

const IN_LINE = ["queued_count", "scheduled_count", "retrying_count", "hold_count"];

const COUNTS = `
select connection_id, min(destination_id) as destination_id,
  ${[...IN_LINE, "failed_count"].map((count) => `sum(${count})::int as ${count}`).join(", ")}
from (
  select connection_id, destination_id, ${IN_LINE.join(", ")}, 0 as failed_count from (${BRANCH_COUNT_ROWS}) as kept where team_id = $1
  union all
  select connection_id, destination_id, ${IN_LINE.map(() => "0").join(", ")}, 1 from (
    select connection_id, destination_id from event where team_id = $1 and status = 'FAILED' and id > $2 limit ${MAX_FAILED + 1}
  ) as failed
) as counted group by connection_id having ${[...IN_LINE, "failed_count"].map((count) => `sum(${count}) > 0`).join(" or ")}`;

const RATES = `
select id, sum(accepted_count)::int as accepted_count, sum(delivered_count)::int as delivered_count, sum(failed_count)::int as failed_count
from (
  select coalesce(nullif(connection_id, ''), source_id) as id, accepted_count, delivered_count, failed_count from rollup_minute
  where team_id = $1 and bucket >= date_trunc('minute', now()) - interval '1 minute'
) as branch group by id`;

const BULK = `
select id, state, total_count, queued_count, held_count, routed_count, cancelled_count from bulk_operation
where team_id = $1 and (state = 'RUNNING' or finished_at > now() - interval '1 minute')`;

const MAX_ISSUES = 500;
const ISSUES = `
select id, kind, state, needs_person, subject_kind, subject_id, updated_at::text as updated_at from issue
where team_id = $1 and state <> 'resolved' order by id desc limit ${MAX_ISSUES}`;

const CONFIG = ["source", "destination", "connection", "transformation"]
  .map(
    (table) =>
      `(select count(*) || '.' || coalesce(extract(epoch from max(updated_at)), 0) from ${table} where team_id = $1)`,
  )
  .join(" || '/' || ");

const isoTime = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${column}`;

const EVENTS = `
select id, request_id, source_id, connection_id, destination_id, status, event_type, attempts, response_status, error_code, hold_reason,
  ${isoTime("delivered_at")}, ${isoTime("created_at")}
from event where team_id = $1 and id > $4 order by id desc limit ${NEWEST}`;

const listOf = (query: string) => `(select coalesce(json_agg(row_to_json(r)), '[]') from (${query}) as r)`;

const SNAPSHOT = `select
  ${listOf(COUNTS)} as counts, ${listOf(RATES)} as rates, ${listOf(BULK)} as bulk, ${listOf(ISSUES)} as issues, ${CONFIG} as config,
  ${listOf(`select id, source_id, status, event_type from request where team_id = $1 and id > $3 order by id desc limit ${NEWEST}`)} as requests,
  ${listOf(EVENTS)} as events`;

type Whole = Required<Omit<LiveChange, "is_whole" | "is_at_least" | "counts" | "rates" | "bulk" | "issues">>;
type Row<T> = { id: string } & T;
export interface SnapshotRow extends Whole {
  counts: (LiveCounts & { connection_id: string })[];
  rates: Row<Record<string, unknown>>[];
  bulk: Row<Record<string, unknown>>[];
  issues: Row<Record<string, unknown>>[];
}

export const snapshotStatement = (teamId: string, nowMs: number) => ({
  name: "live-snapshot",
  text: SNAPSHOT,
  values: [
    teamId,
    lowestId("event", nowMs - DAY_MS),
    lowestId("request", nowMs - RECENT_MS),
    lowestId("event", nowMs - RECENT_MS),
  ],
});
