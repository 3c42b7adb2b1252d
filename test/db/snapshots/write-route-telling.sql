with taken as (delete from hand_off where id = any ($4::bigint[]) returning id), new_event as (
  insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, event_type, trigger,
    next_attempt_at, transformed, transformed_body, why, created_at, turn_key, occurred_at, resource_id)
  select team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, event_type, 'INITIAL', next_attempt_at,
    transformed, case when body_bytes is not null then substring($3::bytea from body_at + 1 for body_bytes) end, why, created_at, turn_key, occurred_at, resource_id
  from json_to_recordset($1::json) as r(team_id text, id text, request_id text, source_id text, connection_id text,
    destination_id text, status text, hold_reason text, event_type text, next_attempt_at timestamptz, transformed json, body_at integer,
    body_bytes integer, why json, created_at timestamptz, taken_id bigint, turn_key text, occurred_at timestamptz, resource_id text)
  where taken_id in (select id from taken) order by id collate "C"
  on conflict (team_id, id) do nothing
  returning team_id, source_id, connection_id, destination_id, created_at, status, status_before, id
), new_ignored as (
  insert into ignored_event (team_id, id, request_id, source_id, connection_id, destination_id, cause, detail, why, created_at, occurred_at, resource_id)
  select team_id, id, request_id, source_id, connection_id, destination_id, cause, detail, why, created_at, occurred_at, resource_id
  from json_to_recordset($2::json) as r(team_id text, id text, request_id text, source_id text, connection_id text,
    destination_id text, cause text, detail text, why json, created_at timestamptz, taken_id bigint, occurred_at timestamptz, resource_id text)
  where taken_id in (select id from taken) order by id collate "C"
  on conflict (team_id, id) do nothing
  returning team_id, source_id, connection_id, destination_id, created_at, cause, true as is_new
), tallied as (
  insert into branch_count_delta (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count)
  select team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count from (
    select team_id, source_id, connection_id, destination_id, sum(n * ((status = 'QUEUED')::integer - coalesce(status_before = 'QUEUED', false)::integer)) as queued_count,
      sum(n * ((status = 'SCHEDULED')::integer - coalesce(status_before = 'SCHEDULED', false)::integer)) as scheduled_count,
      sum(n * ((status = 'RETRYING')::integer - coalesce(status_before = 'RETRYING', false)::integer)) as retrying_count,
      sum(n * ((status = 'HOLD')::integer - coalesce(status_before = 'HOLD', false)::integer)) as hold_count,
      sum(n * ((status = 'FAILED')::integer - coalesce(status_before = 'FAILED', false)::integer)) as failed_count
    from (select team_id, source_id, connection_id, destination_id, status, status_before, count(*)::integer as n from new_event group by 1, 2, 3, 4, 5, 6) as moves group by team_id, source_id, connection_id, destination_id
  ) as changes where queued_count <> 0 or scheduled_count <> 0 or retrying_count <> 0 or hold_count <> 0 or failed_count <> 0
), counted as (
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, event_count, hold_count, ignored_count, ignored_duplicate_count, ignored_filtered_count, ignored_transform_count, ignored_disabled_count)
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  sum(event_count), sum(hold_count), sum(ignored_count), sum(ignored_duplicate_count), sum(ignored_filtered_count), sum(ignored_transform_count), sum(ignored_disabled_count)
from (select team_id, case when status_before is null then created_at else now() end as at, source_id, connection_id, destination_id,
       (status_before is null)::integer as event_count, (status = 'HOLD' and status_before is distinct from 'HOLD')::integer as hold_count,
       0 as ignored_count, 0 as ignored_duplicate_count, 0 as ignored_filtered_count, 0 as ignored_transform_count, 0 as ignored_disabled_count
     from new_event where status_before is null or status = 'HOLD' and status_before <> 'HOLD'
   union all
   select team_id, created_at, source_id, connection_id, destination_id, 0, 0, 1,
     (cause in ('DEDUPLICATED'))::integer, (cause in ('FILTERED'))::integer, (cause in ('TRANSFORMATION_FAILED'))::integer, (cause in ('CONNECTION_DISABLED', 'DESTINATION_DISABLED'))::integer
   from new_ignored where is_new) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by team_id collate "C", bucket, source_id collate "C", connection_id collate "C", destination_id collate "C"
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set event_count = m.event_count + excluded.event_count, hold_count = m.hold_count + excluded.hold_count, ignored_count = m.ignored_count + excluded.ignored_count, ignored_duplicate_count = m.ignored_duplicate_count + excluded.ignored_duplicate_count, ignored_filtered_count = m.ignored_filtered_count + excluded.ignored_filtered_count, ignored_transform_count = m.ignored_transform_count + excluded.ignored_transform_count, ignored_disabled_count = m.ignored_disabled_count + excluded.ignored_disabled_count
)
select id, set_config('synchronous_commit', 'on', true) from new_event
