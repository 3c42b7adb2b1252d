with handed as (
  insert into hand_off (requests, heads, first_id, last_id) select $1::json, $2::json, $3, $4 where $1::json is not null
)

insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, accepted_count)
select * from unnest($5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::integer[])
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set accepted_count = m.accepted_count + excluded.accepted_count
