select next_attempt_at from event where destination_id = $1 and event.status in ('QUEUED', 'SCHEDULED', 'RETRYING')
           order by next_attempt_at limit 1
