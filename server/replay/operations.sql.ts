// Rows of bulk operations, as the worker moves them on.
import { BulkFilter, type BulkKind } from "#server/contracts/bulk.ts";
import { RATE_PERIOD_MS, type RatePeriod } from "#server/contracts/rate-period.ts";
import type { Queryable } from "#server/database/db.ts";
import type { Strand } from "./feed.ts";

export interface RunningOperation {
  teamId: string;
  id: string;
  kind: BulkKind;
  filter: BulkFilter;
  /** Of the main strand. */
  cursor: string;
  /** None before the first page. */
  strands: Strand[];
  /** Null when only the destinations limit it. */
  perSecond: number | null;
}

// Teams take turns, the one served longest ago first. So do the operations of a team.
const CLAIM = {
  name: "claim-bulk-operation",
  text: `
select team_id, id, kind, filter, cursor, strands, rate_limit, rate_limit_period from bulk_operation o
where state = 'RUNNING' and next_page_at <= now()
order by (
  select served_at from bulk_operation t where t.team_id = o.team_id and served_at is not null order by served_at desc limit 1
) nulls first,
  next_page_at, team_id, id
limit 1 for update of o skip locked`,
};

/**
 * Claims the operation whose turn it is. It stays locked until the end of the transaction, so no other worker turns its
 * pages.
 */
export async function claimOperation(db: Queryable): Promise<RunningOperation | undefined> {
  const { rows } = await db.query(CLAIM);
  const [row] = rows;
  if (!row) return undefined;
  const period = row.rate_limit_period as RatePeriod;
  return {
    teamId: row.team_id,
    id: row.id,
    kind: row.kind,
    filter: BulkFilter.parse(row.filter),
    cursor: row.cursor,
    strands: row.strands,
    perSecond: row.rate_limit === null ? null : (row.rate_limit * 1_000) / RATE_PERIOD_MS[period],
  };
}

/** The result of a page. */
export interface PageResult {
  cursor: string;
  /** All done: the operation is complete. */
  strands: Strand[];
  lookedAt: number;
  queued: number;
  held: number;
  routed: number;
  cancelled: number;
  skipped: Record<string, number>;
  /** The wait before the next page. */
  waitMs: number;
}

const SAVE = {
  name: "save-bulk-page",
  text: `
update bulk_operation set
  cursor = $3, looked_at_count = looked_at_count + $4, queued_count = queued_count + $5, held_count = held_count + $6,
  routed_count = routed_count + $7, cancelled_count = cancelled_count + $11, strands = $12::json,
  skipped = (select coalesce(json_object_agg(reason, n), '{}') from (
    select reason, sum(n::int) as n from (
      select * from json_each_text(skipped) as old(reason, n) union all select * from json_each_text($8::json) as new(reason, n)
    ) as each group by reason) as summed),
  next_page_at = now() + $9 * interval '1 millisecond', served_at = clock_timestamp(), tries = 0,
  state = case when $10 then 'COMPLETED' else state end, finished_at = case when $10 then now() end
where team_id = $1 and id = $2`,
};

/** Moves an operation on, in the transaction of the page. */
export async function savePage(db: Queryable, { teamId, id }: RunningOperation, page: PageResult): Promise<void> {
  const { cursor, strands, lookedAt, queued, held, routed, cancelled, waitMs } = page;
  const counts = [lookedAt, queued, held, routed, JSON.stringify(page.skipped)];
  const values = [
    teamId,
    id,
    cursor,
    ...counts,
    waitMs,
    strands.every(({ is_done }) => is_done),
    cancelled,
    JSON.stringify(strands),
  ];
  await db.query({ ...SAVE, values });
}

const MAX_TRIES = 5;

/** Notes that a page failed by itself. It is tried again later; after five failures the operation is over. */
export async function noteFailure(db: Queryable, { teamId, id }: RunningOperation): Promise<void> {
  await db.query(
    `update bulk_operation set tries = tries + 1, served_at = clock_timestamp(), next_page_at = now() + (tries + 1) * interval '2 seconds',
       state = case when tries + 1 >= ${MAX_TRIES} then 'FAILED' else state end,
       error = case when tries + 1 >= ${MAX_TRIES} then 'A page failed ${MAX_TRIES} times; the log of the worker says why.' end,
       finished_at = case when tries + 1 >= ${MAX_TRIES} then now() end
     where team_id = $1 and id = $2 and state = 'RUNNING'`,
    [teamId, id],
  );
}

/** Whether more branches of a team wait for routing than an operation may add to. */
export async function isRoutingBusy(db: Queryable, teamId: string, max: number): Promise<boolean> {
  const { rows } = await db.query(
    "select count(*)::int as count from (select from deferred_branch where team_id = $1 limit $2) as waiting",
    [teamId, max],
  );
  return rows[0]?.count >= max;
}
