update lane set holder = null, lease_expires_at = null, is_slow = $3, rate_log = $4::json
           where destination_id = $1 and token = $2::bigint
