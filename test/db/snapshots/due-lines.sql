with line as materialized (select order_key, turn_key, version, due_at, from_id from order_line
  where destination_id = $1 and due_at <= $2 and (due_at, order_key) > ($7::timestamptz, $8) and order_key <> all ($3::text[]) order by due_at, order_key limit $4), unrouted as materialized (
select source_id, min(request_id) as request_id from (
  select r ->> 2 as source_id, r ->> 1 as request_id
  from (select requests from hand_off order by first_id limit 64) as h cross join json_array_elements(h.requests) r
  union all
  select d.source_id, d.request_id from connection c join deferred_branch d on d.connection_id = c.id and d.is_ordered
  where c.destination_id = $1
) as unrouted group by source_id)
select line.order_key, line.turn_key as line_turn_key, line.version::text as version, line.due_at, e.*,
  case when octet_length(e.own_body) <= $6 then e.own_body end as transformed_body,
  coalesce(least(u.request_id, (select first_id from hand_off order by first_id offset 64 limit 1)) < e.request_id, false) as waits_for_routing
from line left join lateral (
  select team_id, id, request_id, source_id, connection_id, destination_id, attempts, retries_counted_from, trigger, turn_key, next_attempt_at,
    status, hold_reason, ended_because, transformed, transformed_body is not null as has_own_body, transformed_body as own_body
  from event e
  where e.destination_id = $1 and e.order_key = line.order_key and e.id >= line.from_id and e.order_key is not null and (e.status in ('QUEUED', 'SCHEDULED', 'RETRYING', 'HOLD')
    or e.status = 'FAILED' and e.ended_because is distinct from 'skipped_in_order')
  order by e.request_id, e.id limit $5
) as e on true left join unrouted u on u.source_id = e.source_id
order by line.due_at, line.order_key, e.request_id, e.id
