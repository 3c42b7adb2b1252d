// A team's rows by age: their number and size, for a time of retention that would remove them.
import type { StoredKind } from "#server/contracts/retention.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { idTimeMs, lowestId } from "#server/ids.ts";

interface Statement {
  text: string;
  values: unknown[];
}

/**
 * The kinds in the order of their removal: nothing refers to what is gone, but attempts that were made so long after their event that
 * the time of retention ended in between. Each goes at its own age.
 */
export const STORED_KINDS: readonly StoredKind[] = ["attempt", "ignored_event", "event", "request"];

/** Counting reads the index alone, some two microseconds a row. */
const MAX_COUNTED = 1_000_000;
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

export interface Owed {
  /** The beginning of an id, as far as it is time; null for none. */
  oldest: string | null;
}

const TIME_END = lowestId("event", 0).length;

/**
 * The oldest event that is still to be delivered. It and younger ones stay. Its age is that of its id, by which rows are removed: a
 * dead letter or a debug copy is made later than the request in whose time it lies.
 */
export const oldestOwed = (teamId: string): Statement => ({
  // Two looks, because each kind has a small index of its own; one look for both would read every event of the team. The least of
  // whole ids would be sought along the primary key, event by event.
  text: `select least(
    (select min(left(id, ${TIME_END})) from event where team_id = $1 and ${isDue("event")}),
    (select min(left(id, ${TIME_END})) from event where team_id = $1 and status = 'HOLD')) as oldest`,
  values: [teamId],
});

/** In milliseconds since the epoch; infinite where nothing is owed. */
export const owedSinceMs = (owed: Owed | undefined): number =>
  owed?.oldest ? idTimeMs(owed.oldest) : Number.POSITIVE_INFINITY;

export interface RowsOfAge {
  /** Null where there are more than are counted. */
  count: number | null;
  sized: number;
  sized_bytes: number;
}

/** A team's rows of one kind from before an instant. */
export const rowsBefore = (teamId: string, kind: StoredKind, beforeMs: number): Statement => ({
  text: `
with aged as (select ${bytesOf(kind)} as bytes from ${kind} where team_id = $1 and id < $2 order by id limit ${MAX_SIZED}),
  counted as (select count(*)::int as count from (
    select from ${kind} where team_id = $1 and id < $2 limit ${MAX_COUNTED + 1}) as bounded)
select case when counted.count <= ${MAX_COUNTED} then counted.count end as count, count(aged)::int as sized,
  coalesce(sum(aged.bytes), 0)::float8 as sized_bytes
from counted left join aged on true group by counted.count`,
  values: [teamId, lowestId(kind, beforeMs)],
});

/** The parts of a day of which the first rows are read. */
const SLICES = 4;
const SLICE_MS = 86_400_000 / SLICES;
/** The rows that are read of a slice: 30 days of four kinds are 24,000 rows at most. */
const MAX_OF_SLICE = 50;

export interface SampledDay {
  day: number;
  rows: number;
  bytes: number;
  /** Whether a slice has more rows than were read. */
  has_more: boolean;
  oldest_at: Date | null;
}

/** The first rows of each quarter of `days` days from `firstDayMs` on; days without any are left out. */
export const sampledDays = (teamId: string, kind: StoredKind, firstDayMs: number, days: number): Statement => {
  const starts = Array.from({ length: days * SLICES + 1 }, (_, slice) => lowestId(kind, firstDayMs + slice * SLICE_MS));
  return {
    text: `
select ((n - 1) / ${SLICES})::int as day, sum(count)::int as rows, sum(bytes)::float8 as bytes,
  bool_or(count >= ${MAX_OF_SLICE}) as has_more, min(oldest_at) as oldest_at
from unnest($2::text[], $3::text[]) with ordinality as slice(from_id, to_id, n) cross join lateral (
  select count(*) as count, sum(bytes) as bytes, min(created_at) as oldest_at from (
    select ${bytesOf(kind)} as bytes, created_at from ${kind}
    where team_id = $1 and id >= from_id and id < to_id order by id limit ${MAX_OF_SLICE}) as first) as sampled
where count > 0 group by 1`,
    values: [teamId, starts.slice(0, -1), starts.slice(1)],
  };
};

/** A day's refused requests are looked up, because more are counted than are kept. */
const MAX_REFUSED = 50_000;

export type CountedDay = { day: number } & Record<StoredKind, number>;

/** What the metrics count for each of these days. Days that are summed up already, and the minutes since. */
export const countedDays = (teamId: string, firstDayMs: number, days: number): Statement => {
  const starts = Array.from({ length: days + 1 }, (_, day) => lowestId("request", firstDayMs + day * 86_400_000));
  const counts = "accepted_count, event_count, attempt_count, ignored_count";
  return {
    text: `
with counted as (
  select bucket as day, ${counts} from rollup_day where team_id = $1 and bucket >= $2
  union all
  select date_trunc('day', bucket, 'UTC'), ${counts} from rollup_minute
  where team_id = $1 and bucket >= (select greatest(hours_until, $2) from rollup_progress where id = 1)
), summed as (
  select ((extract(epoch from day) - extract(epoch from $2::timestamptz)) / 86400)::int as day, sum(accepted_count)::int as accepted,
    sum(event_count)::int as event, sum(attempt_count)::int as attempt, sum(ignored_count)::int as ignored_event
  from counted group by 1
)
select day, accepted + (select count(*) from (select from request where team_id = $1 and status = 'rejected'
    and id >= ($3::text[])[day + 1] and id < ($3::text[])[day + 2] limit ${MAX_REFUSED}) as refused)::int as request,
  event, attempt, ignored_event
from summed`,
    values: [teamId, new Date(firstDayMs), starts],
  };
};

/** A team's failed events from before an instant. */
export const failedBefore = (teamId: string, beforeMs: number): Statement => ({
  text: `select count(*)::int as count from (
    select from event where team_id = $1 and id < $2 and status = 'FAILED' limit ${MAX_SIZED + 1}) as bounded`,
  values: [teamId, lowestId("event", beforeMs)],
});
export const MAX_FAILED = MAX_SIZED;
