select d.destination_id
from (
  select id as destination_id, config ->> 'ordering' in ('fifo', 'by_key') as is_ordered from destination
  union all select destination_id, false from lane where destination_id not in (select id from destination)
) d
left join lane l on l.destination_id = d.destination_id
where (l.lease_expires_at is null or l.lease_expires_at <= now())
  and (case when d.is_ordered then (
    select min(o.due_at) from order_line o where o.destination_id = d.destination_id) <= now() - interval '1 second'
  else exists (
    select from event e where e.destination_id = d.destination_id and e.status in ('QUEUED', 'SCHEDULED', 'RETRYING')
      and e.next_attempt_at <= now() - interval '1 second') end
    or l.breaker_holds and exists (select from destination where id = l.destination_id and disabled_at is null
  and case coalesce(config #>> '{breaker,mode}', 'auto') when 'open' then false
    when 'auto' then coalesce(l.breaker_wake_at, now() - interval '1 minute') <= now() - interval '1 second' else true end))
