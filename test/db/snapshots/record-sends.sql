update lane set rate_log = $3::json where destination_id = $1 and token = $2::bigint and lease_expires_at > now()
