with of_events as materialized (
  select * from json_to_recordset($1::json) as r(team_id text, at timestamptz, source_id text, connection_id text, destination_id text, what text, n integer)
), tallied as (
  insert into branch_count_delta (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count)
  select team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count from (
    select team_id, source_id, connection_id, destination_id, sum(n * ((status = 'QUEUED')::integer - coalesce(status_before = 'QUEUED', false)::integer)) as queued_count,
      sum(n * ((status = 'SCHEDULED')::integer - coalesce(status_before = 'SCHEDULED', false)::integer)) as scheduled_count,
      sum(n * ((status = 'RETRYING')::integer - coalesce(status_before = 'RETRYING', false)::integer)) as retrying_count,
      sum(n * ((status = 'HOLD')::integer - coalesce(status_before = 'HOLD', false)::integer)) as hold_count,
      sum(n * ((status = 'FAILED')::integer - coalesce(status_before = 'FAILED', false)::integer)) as failed_count
    from (select team_id, source_id, connection_id, destination_id, what as status, null::text as status_before, n from of_events) as moves group by team_id, source_id, connection_id, destination_id
  ) as changes where queued_count <> 0 or scheduled_count <> 0 or retrying_count <> 0 or hold_count <> 0 or failed_count <> 0
)
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, event_count, hold_count, ignored_count, ignored_duplicate_count, ignored_filtered_count, ignored_transform_count, ignored_disabled_count)
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  sum(event_count), sum(hold_count), sum(ignored_count), sum(ignored_duplicate_count), sum(ignored_filtered_count), sum(ignored_transform_count), sum(ignored_disabled_count)
from (select team_id, at, source_id, connection_id, destination_id, n as event_count, case when what = 'HOLD' then n else 0 end as hold_count, 0 as ignored_count,
       0 as ignored_duplicate_count, 0 as ignored_filtered_count, 0 as ignored_transform_count, 0 as ignored_disabled_count
     from of_events
   union all
   select team_id, at, source_id, connection_id, destination_id, 0, 0, n, case when what in ('DEDUPLICATED') then n else 0 end, case when what in ('FILTERED') then n else 0 end, case when what in ('TRANSFORMATION_FAILED') then n else 0 end, case when what in ('CONNECTION_DISABLED', 'DESTINATION_DISABLED') then n else 0 end
   from json_to_recordset($2::json) as r(team_id text, at timestamptz, source_id text, connection_id text, destination_id text, what text, n integer)) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by team_id collate "C", bucket, source_id collate "C", connection_id collate "C", destination_id collate "C"
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set event_count = m.event_count + excluded.event_count, hold_count = m.hold_count + excluded.hold_count, ignored_count = m.ignored_count + excluded.ignored_count, ignored_duplicate_count = m.ignored_duplicate_count + excluded.ignored_duplicate_count, ignored_filtered_count = m.ignored_filtered_count + excluded.ignored_filtered_count, ignored_transform_count = m.ignored_transform_count + excluded.ignored_transform_count, ignored_disabled_count = m.ignored_disabled_count + excluded.ignored_disabled_count
