select team_id, id, verified, method, path, query, headers, body_bytes, masked_at is not null as is_masked, source_id, status, content_type, event_type, provider_event_id, masks is not null as has_masks, created_at, case when body_bytes <= $3 then body end as body
from request where team_id = any ($1::text[]) and id = any ($2::text[]) and id between $4 and $5 and erased_at is null
