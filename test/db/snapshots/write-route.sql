with taken as (delete from hand_off where id = any ($4::bigint[]) returning id), new_event as (
  insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, event_type, trigger,
    next_attempt_at, transformed, transformed_body, why, created_at)
  select team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, event_type, 'INITIAL', next_attempt_at,
    transformed, case when body_bytes is not null then substring($3::bytea from body_at + 1 for body_bytes) end, why, created_at
  from json_to_recordset($1::json) as r(team_id text, id text, request_id text, source_id text, connection_id text,
    destination_id text, status text, hold_reason text, event_type text, next_attempt_at timestamptz, transformed json, body_at integer,
    body_bytes integer, why json, created_at timestamptz, taken_id bigint)
  where taken_id in (select id from taken) order by id collate "C"
  on conflict (team_id, id) do nothing
  returning team_id, source_id, connection_id, destination_id, created_at, true as is_new,
    status = 'HOLD' and not false as is_held_now
), new_ignored as (
  insert into ignored_event (team_id, id, request_id, source_id, connection_id, destination_id, cause, detail, why, created_at)
  select team_id, id, request_id, source_id, connection_id, destination_id, cause, detail, why, created_at
  from json_to_recordset($2::json) as r(team_id text, id text, request_id text, source_id text, connection_id text,
    destination_id text, cause text, detail text, why json, created_at timestamptz, taken_id bigint)
  where taken_id in (select id from taken) order by id collate "C"
  on conflict (team_id, id) do nothing
  returning team_id, source_id, connection_id, destination_id, created_at, true as is_new
)
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, event_count, hold_count, ignored_count)
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  sum(event_count), sum(hold_count), sum(ignored_count)
from (select team_id, case when is_new then created_at else now() end as at, source_id, connection_id, destination_id,
       is_new::integer as event_count, is_held_now::integer as hold_count, 0 as ignored_count
     from new_event where is_new or is_held_now
   union all
   select team_id, created_at, source_id, connection_id, destination_id, 0, 0, 1 from new_ignored where is_new) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by team_id collate "C", bucket, source_id collate "C", connection_id collate "C", destination_id collate "C"
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set event_count = m.event_count + excluded.event_count, hold_count = m.hold_count + excluded.hold_count, ignored_count = m.ignored_count + excluded.ignored_count
