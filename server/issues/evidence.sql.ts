// The evidence that detectors look at: rollups of the last hour of what is in trouble, and the first in line of each
// destination. Each statement is bounded, and none reads a payload.

import type { BreakerSettings } from "#server/contracts/breaker.ts";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import type { BreakerRecord } from "#server/events/breaker-record.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";

/** Of one kind, the worst first: what is beyond waits until these are better. */
const MAX_SUBJECTS = 200;
const HOUR = "interval '1 hour'";
const inLastHour = (row: string) =>
  `${row}.team_id = $1 and ${row}.bucket > $2::timestamptz - ${HOUR} and ${row}.bucket <= $2`;

const BRANCHES = `
with troubled as (
  select connection_id from rollup_minute m where ${inLastHour("m")} and connection_id not in ('', '${DEBUG_COPIES}')
  group by connection_id having sum(attempt_count) > sum(delivered_count) or sum(failed_count) > 0 or sum(ignored_transform_count) > 0
  order by sum(attempt_count - delivered_count) + sum(ignored_transform_count) desc limit ${MAX_SUBJECTS}
), looked_at as (select connection_id from troubled union select unnest($3::text[]))
select m.connection_id, m.bucket, sum(attempt_count)::int as attempts, sum(delivered_count)::int as delivered,
  sum(failed_count)::int as failed, sum(ignored_transform_count)::int as transform_errors,
  sum(event_count + ignored_filtered_count + ignored_transform_count)::int as runs
from rollup_minute m join looked_at using (connection_id)
where ${inLastHour("m")} group by m.connection_id, m.bucket order by m.bucket`;

export interface BranchRow {
  connection_id: string;
  bucket: Date;
  attempts: number;
  delivered: number;
  failed: number;
  transform_errors: number;
  runs: number;
}
/** @param live connections of which an issue is open */
export const branchMinutes = (teamId: string, now: Date, live: readonly string[]) => ({
  name: "issues-branches",
  text: BRANCHES,
  values: [teamId, now, live],
});

const DOORS = `
with troubled as (
  select source_id from rollup_minute m where ${inLastHour("m")} and connection_id = ''
  group by source_id having sum(signature_failure_count) > 0
  order by sum(signature_failure_count) desc limit ${MAX_SUBJECTS}
), looked_at as (select source_id from troubled union select unnest($3::text[]))
select m.source_id, m.bucket, sum(accepted_count)::int as accepted, sum(signature_failure_count)::int as signature_failures
from rollup_minute m join looked_at using (source_id)
where ${inLastHour("m")} and m.connection_id = '' group by m.source_id, m.bucket order by m.bucket`;

export interface DoorRow {
  source_id: string;
  bucket: Date;
  accepted: number;
  signature_failures: number;
}
/** @param live sources of which an issue is open */
export const doorMinutes = (teamId: string, now: Date, live: readonly string[]) => ({
  name: "issues-doors",
  text: DOORS,
  values: [teamId, now, live],
});

// The index of the lanes gives the first in line at once, however many wait.
const LINES = `
select busy.destination_id, busy.waiting, first.next_attempt_at as first_due_at,
  (select coalesce(json_agg(json_build_array(extract(epoch from bucket) * 1000, depth)), '[]') from (
    select bucket, sum(queue_depth)::int as depth from queue_sample s
    where s.team_id = $1 and s.bucket > $2::timestamptz - interval '30 minutes' and s.destination_id = busy.destination_id
    group by bucket) as sampled where first.next_attempt_at < $2::timestamptz - interval '5 minutes') as depths
from (
  select destination_id, sum(queued_count + retrying_count)::int as waiting from (${BRANCH_COUNT_ROWS}) as counts
  where team_id = $1 group by destination_id having sum(queued_count + retrying_count) > 0
) as busy cross join lateral (
  select next_attempt_at from event e
  where e.destination_id = busy.destination_id and ${isDue("e")} and e.team_id = $1 order by next_attempt_at, id limit 1
) as first order by first.next_attempt_at limit ${MAX_SUBJECTS}`;

export interface LineRow {
  destination_id: string;
  waiting: number;
  first_due_at: Date | null;
  depths: [atMs: number, depth: number][];
}
export const lines = (teamId: string, now: Date) => ({ name: "issues-lines", text: LINES, values: [teamId, now] });

// What was refused may have come from anybody who knows the URL.
const HEARD = `
select source_id, array_agg(distinct (extract(epoch from bucket) * 1000)::float8) as minutes from rollup_minute
where team_id = $1 and bucket > $2::timestamptz and bucket <= $3::timestamptz and connection_id = ''
  and accepted_count + duplicate_count > 0
group by source_id`;
/** The minutes in which each source was heard, after one time and up to another. */
export const heardMinutes = (teamId: string, after: Date, until: Date) => ({
  name: "issues-heard",
  text: HEARD,
  values: [teamId, after, until],
});

/** The newest request of a source from one minute on: a few rows of the primary key. */
export const lastRequest = (teamId: string, sourceId: string, fromId: string, toId: string) => ({
  name: "issues-last-request",
  text: "select max(created_at) as at from request where team_id = $1 and id >= $3 and id < $4 and source_id = $2 and status <> 'rejected'",
  values: [teamId, sourceId, fromId, toId],
});

// A forced mode is in the settings alone; else only lanes that wrote an open breaker, or one that was open, matter.
const BREAKERS = `
select d.id as destination_id, l.breaker, d.config -> 'breaker' as settings, coalesce(l.breaker_holds, false) as holds, (
    select coalesce(sum(hold_count), 0)::int from (${BRANCH_COUNT_ROWS}) as counts where team_id = $1 and counts.destination_id = d.id
  ) as held_count
from destination d left join lane l on l.destination_id = d.id
where d.team_id = $1 and (l.breaker ->> 'state' in ('open', 'half_open') or d.config -> 'breaker' ->> 'mode' = 'open' or d.id = any ($2::text[]))
order by d.id limit ${MAX_SUBJECTS}`;

export interface BreakerRow {
  destination_id: string;
  breaker: BreakerRecord | null;
  settings: BreakerSettings | null;
  holds: boolean;
  held_count: number;
}
/** @param live destinations whose breaker is an issue */
export const openBreakers = (teamId: string, live: readonly string[]) => ({
  name: "issues-breakers",
  text: BREAKERS,
  values: [teamId, live],
});

/** What the team watches for; no row: the usual. */
export const issueRules = (teamId: string) => ({
  name: "issues-rules",
  text: "select rules from issue_rules where team_id = $1",
  values: [teamId],
});

// Of the system source nothing is said: it is silent while nothing happens. Nor of listeners: their failures are their work.
const SUBJECTS = `
select 'source' as kind, id, name, disabled_at is not null or is_system as is_off, is_system, null::text as destination_id, null::json as rules, null::int as version, null::timestamptz as saved_at
  from source where team_id = $1
union all select 'destination', id, name, disabled_at is not null or type = 'CLI', not exists (
    select from connection c join source s on s.id = c.source_id where c.destination_id = d.id and not s.is_system
  ) and exists (select from connection c where c.destination_id = d.id), null, null, null, null from destination d where team_id = $1
union all select 'connection', id, name,
  disabled_at is not null or exists (select from destination d where d.id = connection.destination_id and d.type = 'CLI'),
  exists (select from source s where s.id = connection.source_id and s.is_system), destination_id,
  case when rules::text like '%"transform"%' then rules::json end, null, null from connection where team_id = $1
union all select 'transformation', id, name, false, false, null, null, version, updated_at from transformation where team_id = $1`;

export interface SubjectRow {
  kind: "source" | "destination" | "connection" | "transformation";
  id: string;
  name: string;
  is_off: boolean;
  /** It serves the system source alone. */
  is_system: boolean;
  destination_id: string | null;
  rules: { type: string; transformation_id?: string }[] | null;
  version: number | null;
  saved_at: Date | null;
}
export const subjects = (teamId: string) => ({ name: "issues-subjects", text: SUBJECTS, values: [teamId] });
