with 
shared as materialized (
  select * from json_to_recordset($1::json) as shared(
    shared_id integer,
    team_id text,
    source_id text,
    status text,
    verification text,
    verified boolean,
    verified_with text,
    rejection_cause text,
    rejection_detail text,
    method text,
    path text,
    query text,
    content_type text,
    event_type text,
    is_kept boolean,
    test text,
    masks text,
    remote_ip text)
), input as materialized (
  select * from (select
    unnest($3::integer[]) as shared_id,
    unnest($4::text[]) as id,
    unnest($5::timestamptz[]) as created_at,
    unnest($6::integer[]) as body_bytes,
    unnest($7::text[]) as provider_event_id,
    unnest($8::text[]) as duplicate_key,
    unnest($9::integer[]) as headers_at,
    unnest($10::integer[]) as headers_bytes,
    unnest($11::integer[]) as kept_at,
    unnest($12::integer[]) as kept_bytes
  ) as own join shared using (shared_id)
), claimed as (
  insert into provider_event as p (team_id, source_id, provider_event_id, request_id, created_at)
  select distinct on (team_id, source_id, duplicate_key) team_id, source_id, duplicate_key, id, created_at
  from input where duplicate_key is not null order by team_id, source_id, duplicate_key, id
  on conflict (team_id, source_id, provider_event_id) do update set
    request_id = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.request_id else p.request_id end,
    created_at = case when p.created_at < excluded.created_at - interval '48 hours' then excluded.created_at else p.created_at end
  returning team_id, source_id, provider_event_id, request_id
), resolved as (
  select i.*, case when c.request_id <> i.id then c.request_id end as duplicate_of, not exists (select from request r where r.team_id = i.team_id and r.id = i.id) as is_new
  from input i left join claimed c on c.team_id = i.team_id and c.source_id = i.source_id
    and c.provider_event_id = i.duplicate_key
), stored as (
  insert into request (team_id, id, source_id, status, verification, verified, verified_with, rejection_cause, rejection_detail, method, path,
    query, headers, body, content_type, body_bytes, event_type, provider_event_id, duplicate_of, remote_ip, test, masks, created_at)
  select team_id, id, source_id, status, verification, verified, verified_with, case when duplicate_of is null then rejection_cause end, rejection_detail, method, path,
    query, convert_from(substring($2::bytea from headers_at + 1 for headers_bytes), 'UTF8')::json, substring($2::bytea from kept_at + 1 for kept_bytes), content_type, body_bytes, event_type,
    provider_event_id, duplicate_of, remote_ip, test, masks, created_at
  from resolved where is_kept and is_new
), handed as (
  insert into hand_off (requests, heads, first_id, last_id)
  select to_json(array_agg(array[team_id, id, source_id] order by id)),
    json_agg(json_build_array(event_type, coalesce(rejection_cause = 'NO_CONNECTION', false)) order by id),
    min(id collate "C"), max(id collate "C")
  from resolved where is_kept and is_new and status = 'accepted' and duplicate_of is null
    and test is distinct from 'unrouted' having count(*) > 0
), counted as (
  
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, accepted_count, rejected_count, signature_failure_count, rejected_disabled_count, rejected_method_count, rejected_size_count, rejected_encoding_count, rejected_timestamp_count, rejected_rate_count, duplicate_count)
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  sum(accepted_count), sum(rejected_count), sum(signature_failure_count), sum(rejected_disabled_count), sum(rejected_method_count), sum(rejected_size_count), sum(rejected_encoding_count), sum(rejected_timestamp_count), sum(rejected_rate_count), sum(duplicate_count)
from (select team_id, at, source_id, '' as connection_id, '' as destination_id,
       case when status = 'accepted' then arrivals else 0 end as accepted_count,
       case when status = 'rejected' then arrivals else 0 end as rejected_count,
       case when rejection_cause in ('VERIFICATION_FAILED', 'TIMESTAMP_OUT_OF_TOLERANCE') then arrivals else 0 end as signature_failure_count,
       case when rejection_cause = 'SOURCE_DISABLED' then arrivals else 0 end as rejected_disabled_count, case when rejection_cause = 'METHOD_NOT_ALLOWED' then arrivals else 0 end as rejected_method_count, case when rejection_cause = 'PAYLOAD_TOO_LARGE' then arrivals else 0 end as rejected_size_count, case when rejection_cause = 'UNSUPPORTED_CONTENT_ENCODING' then arrivals else 0 end as rejected_encoding_count, case when rejection_cause = 'TIMESTAMP_OUT_OF_TOLERANCE' then arrivals else 0 end as rejected_timestamp_count, case when rejection_cause = 'RATE_LIMITED' then arrivals else 0 end as rejected_rate_count,
       duplicates as duplicate_count
     from shared join (
       select shared_id, date_trunc('minute', created_at) as at, count(*) as arrivals, count(duplicate_of) as duplicates
       from resolved where is_new and test is null and rejection_cause is distinct from 'HANDSHAKE' group by shared_id, at
     ) as arrived using (shared_id)) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by team_id collate "C", bucket, source_id collate "C", connection_id collate "C", destination_id collate "C"
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set accepted_count = m.accepted_count + excluded.accepted_count, rejected_count = m.rejected_count + excluded.rejected_count, signature_failure_count = m.signature_failure_count + excluded.signature_failure_count, rejected_disabled_count = m.rejected_disabled_count + excluded.rejected_disabled_count, rejected_method_count = m.rejected_method_count + excluded.rejected_method_count, rejected_size_count = m.rejected_size_count + excluded.rejected_size_count, rejected_encoding_count = m.rejected_encoding_count + excluded.rejected_encoding_count, rejected_timestamp_count = m.rejected_timestamp_count + excluded.rejected_timestamp_count, rejected_rate_count = m.rejected_rate_count + excluded.rejected_rate_count, duplicate_count = m.duplicate_count + excluded.duplicate_count
)
select id, duplicate_of from resolved where duplicate_of is not null
union all select null, pg_logical_emit_message(true, 'switchyard', '')::text
