insert into lane (destination_id, holder, token, lease_expires_at)
values ($1, $2, 1, now() + $3 * interval '1 millisecond')
on conflict (destination_id) do update set
  holder = excluded.holder, token = lane.token + 1, lease_expires_at = excluded.lease_expires_at
where lane.lease_expires_at is null or lane.lease_expires_at <= now()
returning token::text, is_slow, rate_log, breaker, breaker_holds, order_of, order_sort_at, group_of, group_sort_at,
  extract(epoch from clock_timestamp())::float8 * 1000 as now_ms
