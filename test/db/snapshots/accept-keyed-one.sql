with input as materialized (
  select * from (select $6::text, $7::text, $8::text, $9::text, $10::timestamptz) as i(team_id, source_id, duplicate_key, id, created_at)
), claimed as (
  insert into provider_event as p (team_id, source_id, provider_event_id, request_id, created_at)
  select distinct on (team_id, source_id, duplicate_key) team_id, source_id, duplicate_key, id, created_at
  from input order by team_id, source_id, duplicate_key, id
  on conflict (team_id, source_id, provider_event_id) do update set
    request_id = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.request_id else p.request_id end,
    created_at = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.created_at else p.created_at end
  returning team_id, source_id, provider_event_id, request_id
), duplicate as materialized (
  select i.team_id, i.source_id, i.id, i.created_at, c.request_id as duplicate_of
  from input i join claimed c on c.team_id = i.team_id and c.source_id = i.source_id and c.provider_event_id = i.duplicate_key
  where c.request_id <> i.id
), marked as (
  update request r set duplicate_of = d.duplicate_of, rejection_cause = null from duplicate d
  where r.team_id = d.team_id and r.id = d.id and r.id between $11 and $12
), handed as (
  insert into hand_off (requests, heads, first_id, last_id, claimed_until)
  select $1::json, $2::json, $3, $4, now() + $5::integer * interval '1 millisecond' where $1::json is not null and not exists (select from duplicate)
  union all
  select json_agg(r.key order by r.n), json_agg(h.head order by r.n), min((r.key ->> 1) collate "C"), max((r.key ->> 1) collate "C"), null
  from json_array_elements($1::json) with ordinality as r(key, n) join json_array_elements($2::json) with ordinality as h(head, n) using (n)
  where exists (select from duplicate) and r.key ->> 1 not in (select id from duplicate) having count(*) > 0
  returning id, claimed_until
), counted as (
  
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, accepted_count, rejected_count, signature_failure_count, rejected_disabled_count, rejected_method_count, rejected_size_count, rejected_encoding_count, rejected_timestamp_count, rejected_rate_count, duplicate_count)
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  sum(accepted_count), sum(rejected_count), sum(signature_failure_count), sum(rejected_disabled_count), sum(rejected_method_count), sum(rejected_size_count), sum(rejected_encoding_count), sum(rejected_timestamp_count), sum(rejected_rate_count), sum(duplicate_count)
from (select team_id, bucket as at, source_id, connection_id, destination_id, accepted_count, rejected_count, signature_failure_count, rejected_disabled_count, rejected_method_count, rejected_size_count, rejected_encoding_count, rejected_timestamp_count, rejected_rate_count, 0 as duplicate_count
     from (select $13::text, $14::timestamptz, $15::text, $16::text, $17::text, $18::integer, $19::integer, $20::integer, $21::integer, $22::integer, $23::integer, $24::integer, $25::integer, $26::integer)
       as c(team_id, bucket, source_id, connection_id, destination_id, accepted_count, rejected_count, signature_failure_count, rejected_disabled_count, rejected_method_count, rejected_size_count, rejected_encoding_count, rejected_timestamp_count, rejected_rate_count)
     union all select team_id, created_at, source_id, '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 from duplicate) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by team_id collate "C", bucket, source_id collate "C", connection_id collate "C", destination_id collate "C"
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set accepted_count = m.accepted_count + excluded.accepted_count, rejected_count = m.rejected_count + excluded.rejected_count, signature_failure_count = m.signature_failure_count + excluded.signature_failure_count, rejected_disabled_count = m.rejected_disabled_count + excluded.rejected_disabled_count, rejected_method_count = m.rejected_method_count + excluded.rejected_method_count, rejected_size_count = m.rejected_size_count + excluded.rejected_size_count, rejected_encoding_count = m.rejected_encoding_count + excluded.rejected_encoding_count, rejected_timestamp_count = m.rejected_timestamp_count + excluded.rejected_timestamp_count, rejected_rate_count = m.rejected_rate_count + excluded.rejected_rate_count, duplicate_count = m.duplicate_count + excluded.duplicate_count
)
select id, duplicate_of, null, null from duplicate
union all select null, null, id::text, (select version from config_version where id = 1)::text from handed where claimed_until is not null
