with claimed as (
  update hand_off set claimed_until = now() + $2 * interval '1 millisecond', claimed_by = nullif(current_setting('switchyard.claimant', true), '')
  where id = any (array(
    select id from hand_off where claimed_until is null or claimed_until <= now() order by id limit $1 for update skip locked))
  returning id, requests, heads
)
select id::text, requests, heads, (select version from config_version where id = 1)::text as config_version,
  extract(epoch from clock_timestamp())::float8 * 1000 as now_ms
from claimed order by id
