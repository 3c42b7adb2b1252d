// Five bounded looks for what needs attention: three over a day of rollups, two over the indexes of held and of failed events.
import type { AttentionItem } from "#server/contracts/attention.ts";

const RECENT = "interval '15 minutes'";
/** Quarters of an hour in the day before. */
const QUARTERS = 95;
const MAX_HELD = 1_001;
const MAX_FAILED = 1_001;
const MAX_ITEMS = 50;

type Rows<Kind extends AttentionItem["kind"]> = Omit<Extract<AttentionItem, { kind: Kind }>, "kind">;
type WithDate<T, Key extends string> = { [K in keyof T]: K extends Key ? Date : T[K] };
interface Statement {
  text: string;
  values: unknown[];
}

export type FailingRow = Rows<"destination_failing">;
/** Destinations at which most of at least five attempts failed. */
export const failingDestinations = (teamId: string, now: Date): Statement => ({
  text: `
select d.id, d.name, sum(m.attempt_count)::int as attempt_count, sum(m.delivered_count)::int as delivered_count
from rollup_minute m join destination d on d.id = m.destination_id and d.team_id = m.team_id
where m.team_id = $1 and m.bucket > $2::timestamptz - ${RECENT} and m.bucket <= $2 and d.disabled_at is null
group by d.id, d.name having sum(m.attempt_count) >= 5 and sum(m.delivered_count) * 2 < sum(m.attempt_count)
order by sum(m.attempt_count) - sum(m.delivered_count) desc limit ${MAX_ITEMS}`,
  values: [teamId, now],
});

export type FailedRow = WithDate<Rows<"events_failed">, "first_at" | "last_at">;
/** The dead letters of the last day, whatever has become of their destination. */
export const failedEvents = (teamId: string, lowestEventId: string): Statement => ({
  text: `
select c.id, c.name, d.id as destination_id, d.name as destination_name, failed.failed_count, failed.first_at, failed.last_at,
  exists (
    select 1 from rollup_minute m where m.team_id = $1 and m.destination_id = d.id and m.bucket > date_trunc('minute', failed.last_at) and m.delivered_count > 0
  ) as is_answering
from (
  select connection_id, count(*)::int as failed_count, min(created_at) as first_at, max(coalesce(last_attempt_at, created_at)) as last_at
  from (
    select connection_id, created_at, last_attempt_at from event
    where team_id = $1 and status = 'FAILED' and id > $2 order by id desc limit ${MAX_FAILED}
  ) as some_failed group by connection_id
) as failed
join connection c on c.team_id = $1 and c.id = failed.connection_id join destination d on d.team_id = $1 and d.id = c.destination_id
order by failed.failed_count desc limit ${MAX_ITEMS}`,
  values: [teamId, lowestEventId],
});

export type HeldRow = WithDate<Rows<"connection_held">, "oldest_at">;
export const heldConnections = (teamId: string): Statement => ({
  text: `
select c.id, c.name, held.reason, held.hold_count, held.oldest_at from connection c cross join lateral (
  select max(hold_reason) as reason, count(*)::int as hold_count, min(created_at) as oldest_at
  from (select hold_reason, created_at from event where status = 'HOLD' and connection_id = c.id limit ${MAX_HELD}) as some_held
) as held where c.team_id = $1 and held.hold_count > 0 order by held.oldest_at limit ${MAX_ITEMS}`,
  values: [teamId],
});

const DOOR =
  "m.team_id = $1 and m.connection_id = '' and m.bucket > $2::timestamptz - interval '1 day' and m.bucket <= $2";

export type SilentRow = WithDate<Rows<"source_silent">, "last_at">;
/** Sources that had twenty requests and then none for ten times as long as usual, and for at least half an hour. */
export const silentSources = (teamId: string, now: Date): Statement => ({
  text: `
select * from (
  select s.id, s.name, max(m.bucket) as last_at,
    (extract(epoch from max(m.bucket) - min(m.bucket)) * 1000 / sum(m.accepted_count))::float8 as usual_interval_ms
  from rollup_minute m join source s on s.id = m.source_id and s.team_id = m.team_id
  where ${DOOR} and m.accepted_count > 0 and s.disabled_at is null
  group by s.id, s.name having sum(m.accepted_count) >= 20
) as heard
where $2::timestamptz - last_at > greatest(interval '30 minutes', usual_interval_ms * 10 * interval '1 millisecond')
order by last_at limit ${MAX_ITEMS}`,
  values: [teamId, now],
});

export type SpikeRow = Rows<"rejections_spike">;
/** Sources with at least ten rejections, and over three times as many as usual. */
export const rejectionSpikes = (teamId: string, now: Date): Statement => ({
  text: `
select * from (
  select s.id, s.name, coalesce(sum(m.rejected_count) filter (where m.bucket > $2::timestamptz - ${RECENT}), 0)::int as rejected_count,
    (coalesce(sum(m.rejected_count) filter (where m.bucket <= $2::timestamptz - ${RECENT}), 0) / ${QUARTERS}::float8) as usual_count
  from rollup_minute m join source s on s.id = m.source_id and s.team_id = m.team_id
  where ${DOOR} and m.rejected_count > 0 group by s.id, s.name
) as refused where rejected_count >= 10 and rejected_count > 3 * usual_count order by rejected_count desc limit ${MAX_ITEMS}`,
  values: [teamId, now],
});
