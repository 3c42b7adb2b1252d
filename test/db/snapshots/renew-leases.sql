update lane set lease_expires_at = now() + $3 * interval '1 millisecond', in_flight_count = held.in_flight_count
from unnest($1::text[], $2::bigint[], $4::int[]) as held(destination_id, token, in_flight_count)
where lane.destination_id = held.destination_id and lane.token = held.token and lane.lease_expires_at > now()
returning lane.destination_id, extract(epoch from clock_timestamp())::float8 * 1000 as now_ms
