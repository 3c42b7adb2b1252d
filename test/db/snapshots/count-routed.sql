with tallied as (
  insert into branch_count_delta (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, hold_count, retrying_count, failed_count)
  select *, 0, 0 from (select * from unnest($1::text[], $3::text[], $4::text[], $5::text[], $13::integer[], $14::integer[], $7::integer[])) as c(team_id, source_id, connection_id, destination_id, queued, scheduled, held)
  where queued + scheduled + held > 0
)
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, event_count, hold_count, ignored_count, ignored_duplicate_count, ignored_filtered_count, ignored_transform_count, ignored_disabled_count)
select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::integer[])
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set event_count = m.event_count + excluded.event_count, hold_count = m.hold_count + excluded.hold_count, ignored_count = m.ignored_count + excluded.ignored_count, ignored_duplicate_count = m.ignored_duplicate_count + excluded.ignored_duplicate_count, ignored_filtered_count = m.ignored_filtered_count + excluded.ignored_filtered_count, ignored_transform_count = m.ignored_transform_count + excluded.ignored_transform_count, ignored_disabled_count = m.ignored_disabled_count + excluded.ignored_disabled_count
