select team_id, id, request_id, source_id, connection_id, destination_id, event_type, object_batch_id, attempts, retries_counted_from, trigger,
  turn_key, next_attempt_at, transformed, transformed_body is not null as has_own_body,
  case when octet_length(transformed_body) <= $6 then transformed_body end as transformed_body
from event
where destination_id = $1 and event.status in ('QUEUED', 'SCHEDULED', 'RETRYING') and turn_key is null
  and next_attempt_at <= $2 and (next_attempt_at, id) > ($3::timestamptz, $4)
order by next_attempt_at, id limit $5
