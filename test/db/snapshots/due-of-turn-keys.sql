select own.* from unnest($3::text[], $4::timestamptz[], $5::text[]) as wanted(key, due_at, id) cross join lateral (
  select team_id, id, request_id, source_id, connection_id, destination_id, event_type, object_batch_id, attempts, retries_counted_from, trigger,
  turn_key, next_attempt_at, transformed, transformed_body is not null as has_own_body,
  case when octet_length(transformed_body) <= $6 then transformed_body end as transformed_body from event
  where event.destination_id = $1 and event.status in ('QUEUED', 'SCHEDULED', 'RETRYING') and event.turn_key = wanted.key and event.next_attempt_at <= $2
    and (event.next_attempt_at, event.id) > (wanted.due_at, wanted.id) and event.id <> all ($8::text[])
  order by event.next_attempt_at, event.id limit $7
) as own
