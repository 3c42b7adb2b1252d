with recursive step as (
  (select turn_key, next_attempt_at as at from event where event.destination_id = $1 and event.status in ('QUEUED', 'SCHEDULED', 'RETRYING') and turn_key > $3 order by turn_key, next_attempt_at, id limit 1) union all select following.* from step cross join lateral (select turn_key, next_attempt_at as at from event where event.destination_id = $1 and event.status in ('QUEUED', 'SCHEDULED', 'RETRYING') and turn_key > step.turn_key order by turn_key, next_attempt_at, id limit 1) as following
)
select turn_key, at <= $2 as is_due from step limit $4
