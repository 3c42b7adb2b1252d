with 
shared as materialized (
  select * from json_to_recordset($1::json) as shared(
    shared_id integer,
    destination_id text,
    latency_bucket integer,
    connection_id text,
    status text,
    token bigint,
    team_id text,
    source_id text,
    number integer,
    response_status integer,
    error_code text,
    hold_reason text,
    ended_because text,
    trigger text,
    requested_url text,
    http_method text)
), input as materialized (
  select * from (select
    unnest($5::integer[]) as shared_id,
    unnest($6::text[]) as event_id,
    unnest($7::timestamptz[]) as next_attempt_at,
    unnest($8::real[]) as latency_ms,
    unnest($9::timestamptz[]) as created_at,
    unnest($10::text[]) as attempt_id,
    unnest($11::real[]) as dns_ms,
    unnest($12::real[]) as connect_ms,
    unnest($13::real[]) as tls_ms,
    unnest($14::real[]) as wait_ms,
    unnest($15::real[]) as read_ms,
    unnest($16::integer[]) as request_headers_at,
    unnest($17::integer[]) as request_headers_bytes,
    unnest($18::integer[]) as response_headers_at,
    unnest($19::integer[]) as response_headers_bytes,
    unnest($20::integer[]) as response_body_at,
    unnest($21::integer[]) as response_body_bytes
  ) as own join shared using (shared_id)
), fresh as materialized (
  select * from input i where not exists (select from attempt a where a.team_id = i.team_id and a.id = i.attempt_id
      and a.id between $22 and $23)
), kept as (
  insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
    request_headers, response_status, response_headers, response_body, error_code, latency_ms, phases, created_at)
  select team_id, attempt_id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
    convert_from(substring($4::bytea from request_headers_at + 1 for request_headers_bytes), 'UTF8')::json, response_status, convert_from(substring($4::bytea from response_headers_at + 1 for response_headers_bytes), 'UTF8')::json, substring($4::bytea from response_body_at + 1 for response_body_bytes),
    error_code, latency_ms, case when wait_ms is not null then array[dns_ms, connect_ms, tls_ms, wait_ms, read_ms] end, created_at
  from fresh where attempt_id is not null
), held as materialized (
  select shared_id from shared join lane using (destination_id, token)
), moved as (
  update event e set
    status = i.status,
    status_before = e.status,
    next_attempt_at = i.next_attempt_at,
    attempts = greatest(e.attempts, coalesce(i.number, 0)),
    retries_counted_from = e.retries_counted_from + (i.created_at is not null and (coalesce(i.error_code in ('CANCELLED', 'INTERNAL'), false) or i.status = 'HOLD'))::integer,
    trigger = case when i.status = 'RETRYING' and not (coalesce(i.error_code in ('CANCELLED', 'INTERNAL'), false) or i.status = 'HOLD') then 'AUTOMATIC' else e.trigger end,
    last_attempt_at = coalesce(i.created_at, e.last_attempt_at),
    delivered_at = case when i.status <> 'DELIVERED' then e.delivered_at
      when i.created_at is null then now() else i.created_at + i.latency_ms * interval '1 millisecond' end,
    hold_reason = i.hold_reason,
    ended_because = i.ended_because,
    moves = case when i.status = 'HOLD' or (i.created_at is null and i.status <> 'DELIVERED') then (array_append(e.moves, case i.status when 'HOLD' then json_build_object('move', 'hold', 'at', now(), 'reason', i.hold_reason)
    when 'CANCELLED' then json_build_object('move', 'cancel', 'at', now(), 'reason', 'connection_deleted')
    else json_build_object('move', 'fail', 'at', now(), 'reason', i.ended_because) end))[greatest(1, coalesce(array_length(e.moves, 1), 0) + 2 - 20):] else e.moves end,
    response_status = case when i.created_at is null then e.response_status else i.response_status end,
    error_code = case when i.created_at is null then coalesce(i.error_code, e.error_code) else i.error_code end
  from fresh i join held using (shared_id)
  where e.team_id = i.team_id and e.id = i.event_id and e.id between $2 and $3
    and e.status not in ('HOLD', 'DELIVERED', 'FAILED', 'CANCELLED')
  returning i.shared_id, i.created_at, e.status_before
), tallied as (
  insert into branch_count_delta (team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count)
  select team_id, source_id, connection_id, destination_id, queued_count, scheduled_count, retrying_count, hold_count, failed_count from (
    select team_id, source_id, connection_id, destination_id, sum(n * ((status = 'QUEUED')::integer - coalesce(status_before = 'QUEUED', false)::integer)) as queued_count,
      sum(n * ((status = 'SCHEDULED')::integer - coalesce(status_before = 'SCHEDULED', false)::integer)) as scheduled_count,
      sum(n * ((status = 'RETRYING')::integer - coalesce(status_before = 'RETRYING', false)::integer)) as retrying_count,
      sum(n * ((status = 'HOLD')::integer - coalesce(status_before = 'HOLD', false)::integer)) as hold_count,
      sum(n * ((status = 'FAILED')::integer - coalesce(status_before = 'FAILED', false)::integer)) as failed_count
    from (select team_id, source_id, connection_id, destination_id, status, status_before, n
     from shared join (select shared_id, status_before, count(*)::integer as n from moved group by shared_id, status_before) as left_states
     using (shared_id)) as moves group by team_id, source_id, connection_id, destination_id
  ) as changes where queued_count <> 0 or scheduled_count <> 0 or retrying_count <> 0 or hold_count <> 0 or failed_count <> 0
)
, counted as (
insert into rollup_minute as m (team_id, bucket, source_id, connection_id, destination_id, attempt_count, delivered_count, failed_count, retrying_count, hold_count, cancelled_count, latency_histogram)
select team_id, date_trunc('minute', at) as bucket, source_id, connection_id, destination_id,
  sum(attempt_count), sum(delivered_count), sum(failed_count), sum(retrying_count), sum(hold_count), sum(cancelled_count), latency_histogram(latency_bucket, attempt_count)
from (select team_id, at, source_id, connection_id, destination_id, attempts as attempt_count,
     case when status = 'DELIVERED' then moves else 0 end as delivered_count, case when status = 'FAILED' then moves else 0 end as failed_count,
     case when status = 'RETRYING' then moves else 0 end as retrying_count, case when status = 'HOLD' then moves else 0 end as hold_count,
     case when status = 'CANCELLED' then moves else 0 end as cancelled_count, latency_bucket
   from shared join (
     select shared_id, date_trunc('minute', created_at) as at, count(*)::integer as attempts, 0 as moves
     from fresh where created_at is not null group by shared_id, at
     union all
     select shared_id, date_trunc('minute', coalesce(created_at, now())) as at, 0, count(*)::integer from moved group by shared_id, at
   ) as counted using (shared_id)) as counted
group by team_id, bucket, source_id, connection_id, destination_id
order by team_id collate "C", bucket, source_id collate "C", connection_id collate "C", destination_id collate "C"
on conflict (team_id, bucket, source_id, connection_id, destination_id) do update set attempt_count = m.attempt_count + excluded.attempt_count, delivered_count = m.delivered_count + excluded.delivered_count, failed_count = m.failed_count + excluded.failed_count, retrying_count = m.retrying_count + excluded.retrying_count, hold_count = m.hold_count + excluded.hold_count, cancelled_count = m.cancelled_count + excluded.cancelled_count, latency_histogram = histogram_add(m.latency_histogram, excluded.latency_histogram)) select pg_logical_emit_message(true, 'switchyard', '')
