// The numbers on the cards of sources and destinations besides counts and rates. Each look costs more than that at the counts,
// so it is taken seldom; the use of limits and breakers alone are of now.
import type { BreakerSettings } from "#server/contracts/breaker.ts";
import { HoldReason } from "#server/contracts/event-life.ts";
import type { RatePeriod } from "#server/contracts/rate-period.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import type { BreakerRecord } from "#server/events/breaker-record.ts";
import { countsAsLate, isDue } from "#server/events/lifecycle.sql.ts";

const HOUR = "interval '1 hour'";
const DAY = "interval '1 day'";
/** Percentiles are of the attempts of so long. */
const RECENT = "interval '15 minutes'";
/** At each destination this many that are due first are looked at for the oldest. */
const LOOKED_AT = 20;
/** A source with so many requests a day is said to be silent after ten times as long as usual, and at least half an hour. */
const IS_SILENT = `day.accepted_count >= 20
  and $2::timestamptz - last_at > greatest(interval '30 minutes', (last_at - day.first_at) / day.accepted_count * 10)`;

const heardIn = (table: string, where: string) => `
  select source_id, max(bucket) filter (where accepted_count + rejected_count + duplicate_count > 0) as last_at,
    min(bucket) filter (where accepted_count > 0) as first_at, sum(accepted_count) as accepted_count,
    sum(rejected_count) filter (where bucket > $2::timestamptz - ${HOUR}) as rejected_count
  from ${table} where team_id = $1 and connection_id = '' and ${where} group by source_id`;

// Minutes as far back as hours may not be made yet, and hours before. Within such an hour the time is not known: the source
// has been silent for at least so long.
const SOURCES = `
with bound as materialized (
  select greatest($2::timestamptz - ${DAY}, least(date_trunc('hour', $2::timestamptz - ${HOUR}, 'UTC'), hours_until)) as at
  from rollup_progress where id = 1
), recent as materialized (${heardIn("rollup_minute", "bucket >= (select at from bound) and bucket <= $2")}
), earlier as materialized (
  ${heardIn("rollup_hour", `bucket > $2::timestamptz - ${DAY} and bucket < (select at from bound)`)}
), day as (
  select s.id, s.disabled_at, recent.rejected_count,
    coalesce(recent.last_at, earlier.last_at + interval '59 minutes') as last_at,
    coalesce(earlier.first_at, recent.first_at) as first_at,
    coalesce(recent.accepted_count, 0) + coalesce(earlier.accepted_count, 0) as accepted_count
  from source s left join recent on recent.source_id = s.id left join earlier on earlier.source_id = s.id where s.team_id = $1
)
select id, coalesce(rejected_count, 0)::int as rejected_count, last_at as last_request_at,
  disabled_at is null and last_at is not null and ${IS_SILENT} as is_silent
from day where last_at is not null`;

const WAITING = `
select destination_id, connection_id, sum(queued_count + retrying_count) as due_count, sum(hold_count) as hold_count
from (${BRANCH_COUNT_ROWS}) as counts where team_id = $1 group by destination_id, connection_id`;

const REASONS = ["", ...HoldReason.options].map((reason) => `('${reason}')`).join(", ");

/** The first events that are due or held of each destination: a bounded look, however many wait. */
const OLDEST = `
select destination_id, min(created_at) as oldest_at from (
  select busy.destination_id, ahead.created_at
  from (select destination_id from waiting group by destination_id having sum(due_count) > 0) as busy cross join lateral (
    select created_at, status from event
    where ${isDue("event")} and team_id = $1 and event.destination_id = busy.destination_id
    order by next_attempt_at, id limit ${LOOKED_AT}
  ) as ahead where ${countsAsLate("ahead")}
  union all
  select held.destination_id, first.created_at
  from (select destination_id, connection_id from waiting where hold_count > 0) as held
  cross join (values ${REASONS}) as known(reason) cross join lateral (
    select created_at from event
    where status = 'HOLD' and event.connection_id = held.connection_id and coalesce(hold_reason, '') = known.reason
      and event.destination_id = held.destination_id and team_id = $1
    order by id limit 1
  ) as first
) as waits group by destination_id`;

// Adding up single numbers takes about half the time of adding arrays.
const LATENCIES = `
select destination_id, array_agg(count order by slot) as latencies from (
  select destination_id, slot, sum(count) as count
  from rollup_minute, unnest(latency_histogram) with ordinality as histogram(count, slot)
  where team_id = $1 and bucket > $2::timestamptz - ${RECENT} and bucket <= $2 and attempt_count > 0
  group by destination_id, slot
) as slots group by destination_id`;

const DESTINATIONS = `
with waiting as materialized (${WAITING}), oldest as materialized (${OLDEST}), latencies as materialized (${LATENCIES})
select coalesce(oldest.destination_id, latencies.destination_id) as id, oldest_at, latencies
from oldest full join latencies using (destination_id)`;

export interface SourceCardRow {
  id: string;
  rejected_count: number;
  last_request_at: Date;
  is_silent: boolean;
}
export interface DestinationCardRow {
  id: string;
  oldest_at: Date | null;
  /** Counts of the buckets of `histogram.ts`. */
  latencies: number[] | null;
}

/** All sources that were heard in the last day. */
export const sourceCards = (teamId: string, now: Date) => ({
  name: "live-source-cards",
  text: SOURCES,
  values: [teamId, now],
});

/** The destinations at which something waits, or was tried lately. */
export const destinationCards = (teamId: string, now: Date) => ({
  name: "live-destination-cards",
  text: DESTINATIONS,
  values: [teamId, now],
});

// A lane notes its sends before it makes them where there is a limit, and what is under way whenever it renews its lease. Adding
// them up here costs the database nothing. What a lane noted whose lease is over says nothing of now.
const LANES = `
select * from (
  select d.id, d.config ->> 'rate_limit_period' as period,
    case when d.config ->> 'rate_limit' is not null then lane.rate_log end as rate_log,
    case when lane.lease_expires_at > now() then lane.in_flight_count else 0 end as in_flight_count
  from destination d join lane on lane.destination_id = d.id where d.team_id = $1
) as lanes where rate_log is not null or in_flight_count > 0`;

// Only a lane that has seen a failure has a breaker to tell of, so this reads a few rows.
const BREAKERS = `
select d.id, d.config -> 'breaker' as settings, lane.breaker, coalesce(lane.breaker_holds, false) as holds
from destination d left join lane on lane.destination_id = d.id
where d.team_id = $1 and (lane.breaker is not null or lane.breaker_holds or d.config #>> '{breaker,mode}' = 'open')`;

export interface BreakerRow {
  id: string;
  settings: BreakerSettings | null;
  breaker: BreakerRecord | null;
  holds: boolean;
}

/** The breakers of a team that are not simply closed. */
export const knownBreakers = (teamId: string) => ({ name: "live-breakers", text: BREAKERS, values: [teamId] });

export interface LaneRow {
  id: string;
  period: RatePeriod;
  /** Until when so many were sent; null: they are under way. Null as a whole where there is no limit. */
  rate_log: [untilMs: number | null, count: number][] | null;
  in_flight_count: number;
}

/** What the lanes of a team have sent within their limits, and what is under way. */
export const lanesNow = (teamId: string) => ({ name: "live-lanes", text: LANES, values: [teamId] });
