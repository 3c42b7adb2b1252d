update lane set lease_expires_at = now() + $3 * interval '1 millisecond'
from unnest($1::text[], $2::bigint[]) as held(destination_id, token)
where lane.destination_id = held.destination_id and lane.token = held.token and lane.lease_expires_at > now()
returning lane.destination_id
