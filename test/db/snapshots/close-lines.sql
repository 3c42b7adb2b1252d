with asked as (
  select * from unnest($2::text[], $3::bigint[]) as a(order_key, version)
), line as materialized (
  select l.order_key, l.from_id from order_line l join asked on asked.order_key = l.order_key and asked.version = l.version
  where l.destination_id = $1 order by l.order_key for update of l
), head as materialized (
  select line.order_key as line_key, e.* from line left join lateral (
    select id, status, hold_reason, next_attempt_at, coalesce(turn_key, connection_id) as turn_key from event e
    where e.destination_id = $1 and e.order_key = line.order_key and e.id >= line.from_id and e.order_key is not null and (e.status in ('QUEUED', 'SCHEDULED', 'RETRYING', 'HOLD')
    or e.status = 'FAILED' and e.ended_because is distinct from 'skipped_in_order')
    order by e.request_id, e.id limit 1
  ) as e on true
), gone as (
  delete from order_line l using head where l.destination_id = $1 and l.order_key = head.line_key and head.id is null
), kept as (
  update order_line l set is_blocked = (head.status = 'FAILED' or head.status = 'HOLD' and head.hold_reason is distinct from 'waits_for_order'), from_id = left(head.id, 14), turn_key = head.turn_key,
    due_at = case when (head.status = 'FAILED' or head.status = 'HOLD' and head.hold_reason is distinct from 'waits_for_order') then now() + interval '10 minutes' else coalesce(head.next_attempt_at, now()) end
  from head where l.destination_id = $1 and l.order_key = head.line_key and head.id is not null
  returning l.order_key, l.is_blocked
)
select order_key from kept where is_blocked
