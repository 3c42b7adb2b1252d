with recursive step as (
  (select turn_key, due_at as at from order_line where destination_id = $1 and turn_key > $3 order by turn_key, due_at, order_key limit 1) union all select following.* from step cross join lateral (select turn_key, due_at as at from order_line where destination_id = $1 and turn_key > step.turn_key order by turn_key, due_at, order_key limit 1) as following
)
select turn_key, at <= $2 as is_due from step limit $4
