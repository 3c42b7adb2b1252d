with asked as (
  select * from unnest($1::text[], $2::integer[], $3::integer[], $4::integer[]) as a (source_id, rate_limit, period_ms, wanted)
), locked as materialized (
  select source_id, slot_ends, counts from source_rate where source_id = any($1::text[]) order by source_id for update
), timed as materialized (
  select *, (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms from locked
), kept as (
  select source_id, rate_limit, wanted, now_ms, period_ms + 20 as life_ms, slots.*,
    greatest(0, least(wanted, rate_limit - slots.taken)) as granted,
    greatest(ceil(now_ms::float8 * 100 / period_ms) * period_ms / 100, slots.ends[cardinality(slots.ends)])::bigint as slot_end
  from timed join asked using (source_id), lateral (
    select coalesce(array_agg(slot_end order by slot_end), '{}') as ends, coalesce(array_agg(count order by slot_end), '{}') as counts,
      coalesce(sum(count), 0)::integer as taken
    from unnest(slot_ends, timed.counts) as s (slot_end, count) where slot_end + period_ms + 20 > now_ms
  ) as slots
), written as (
  update source_rate r set
    slot_ends = case when k.slot_end = any(k.ends) then k.ends else k.ends || k.slot_end end,
    counts = case when k.slot_end = any(k.ends)
      then k.counts[:cardinality(k.counts) - 1] || (k.counts[cardinality(k.counts)] + k.granted) else k.counts || k.granted end
  from kept k where r.source_id = k.source_id and k.granted > 0
)
select source_id, granted, case when granted = wanted then 0 else (
    select min(slot_end) + life_ms - now_ms from (
      select slot_end, sum(count) over (order by slot_end) as gone from unnest(ends || kept.slot_end, counts || granted) as s (slot_end, count)
    ) as slots where taken + granted - gone < rate_limit
  ) end::integer as wait_ms
from kept
