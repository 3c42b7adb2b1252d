update lane set holder = null, lease_expires_at = null, is_slow = $3, rate_log = $4::json,
             in_flight_count = 0, breaker = $5::json, breaker_holds = $6, breaker_wake_at = $7
           where destination_id = $1 and token = $2::bigint
