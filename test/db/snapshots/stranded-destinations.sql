select d.destination_id
from (select id as destination_id from destination union select destination_id from lane) d
left join lane l on l.destination_id = d.destination_id
where (l.lease_expires_at is null or l.lease_expires_at <= now())
  and (exists (
    select from event e where e.destination_id = d.destination_id and e.status in ('QUEUED', 'SCHEDULED', 'RETRYING')
      and e.next_attempt_at <= now() - interval '1 second')
    or l.breaker_holds and exists (select from destination where id = l.destination_id and disabled_at is null
  and case coalesce(config #>> '{breaker,mode}', 'auto') when 'open' then false
    when 'auto' then coalesce(l.breaker_wake_at, now() - interval '1 minute') <= now() - interval '1 second' else true end))
