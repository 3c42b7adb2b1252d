with handed as (
  insert into hand_off (requests, heads, first_id, last_id, claimed_until) select $1::json, $2::json, $3, $4, now() + $5::integer * interval '1 millisecond' where $1::json is not null returning id, claimed_until
), counted as (
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, accepted_count)
select $6::text, $7::timestamptz, $8::text, $9::text, $10::text, $11::integer
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set accepted_count = m.accepted_count + excluded.accepted_count
)
select null, null, id::text, (select version from config_version where id = 1)::text from handed where claimed_until is not null
