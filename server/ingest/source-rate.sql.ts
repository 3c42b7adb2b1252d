// The statement that counts what sources with a rate limit take, over all gateways. No window of the period, wherever it
// starts, holds more than the limit: a request counts as taken at the end of its slot, and for a margin longer.
import { z } from "zod";
import type { Queryable } from "#server/database/db.ts";

/** What one gateway asks for one source. */
export interface RateQuestion {
  sourceId: string;
  limit: number;
  periodMs: number;
  wanted: number;
}

export interface RateAnswer {
  granted: number;
  /** Until one more is free; 0 where all were granted. */
  waitMs: number;
}

/** A window is kept as at most so many slots. */
const SLOTS_PER_PERIOD = 100;
/** The time between a sender's request and its slot, and what a network does to intervals. */
const MARGIN_MS = 20;

// The row's lock makes gateways take turns. Time is read behind it, and it is that of the database: clocks of gateways may
// differ. Rows are locked in order, so two gateways with the same sources never deadlock.
const TAKE = `
with asked as (
  select * from unnest($1::text[], $2::integer[], $3::integer[], $4::integer[]) as a (source_id, rate_limit, period_ms, wanted)
), locked as materialized (
  select source_id, slot_ends, counts from source_rate where source_id = any($1::text[]) order by source_id for update
), timed as materialized (
  select *, (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms from locked
), kept as (
  select source_id, rate_limit, wanted, now_ms, period_ms + ${MARGIN_MS} as life_ms, slots.*,
    greatest(0, least(wanted, rate_limit - slots.taken)) as granted,
    greatest(ceil(now_ms::float8 * ${SLOTS_PER_PERIOD} / period_ms) * period_ms / ${SLOTS_PER_PERIOD}, slots.ends[cardinality(slots.ends)])::bigint as slot_end
  from timed join asked using (source_id), lateral (
    select coalesce(array_agg(slot_end order by slot_end), '{}') as ends, coalesce(array_agg(count order by slot_end), '{}') as counts,
      coalesce(sum(count), 0)::integer as taken
    from unnest(slot_ends, timed.counts) as s (slot_end, count) where slot_end + period_ms + ${MARGIN_MS} > now_ms
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
from kept`;

const START = `
insert into source_rate (source_id) select id from source where id = any($1::text[]) order by id on conflict do nothing`;

const Rows = z.array(z.object({ source_id: z.string(), granted: z.int(), wait_ms: z.int() }));

/** Takes as many as are free, at most as many as are wanted. A source that was just deleted is in no answer. */
export async function takeOfRates(db: Queryable, questions: RateQuestion[]): Promise<Map<string, RateAnswer>> {
  const answers = await take(db, questions);
  const missing = questions.filter(({ sourceId }) => !answers.has(sourceId));
  if (missing.length === 0) return answers;
  await db.query(START, [missing.map(({ sourceId }) => sourceId)]);
  return new Map([...answers, ...(await take(db, missing))]);
}

async function take(db: Queryable, questions: RateQuestion[]): Promise<Map<string, RateAnswer>> {
  const values = [
    questions.map(({ sourceId }) => sourceId),
    questions.map(({ limit }) => limit),
    questions.map(({ periodMs }) => periodMs),
    questions.map(({ wanted }) => wanted),
  ];
  const { rows } = await db.query({ name: "source-rate", text: TAKE, values });
  return new Map(Rows.parse(rows).map((row) => [row.source_id, { granted: row.granted, waitMs: row.wait_ms }]));
}
