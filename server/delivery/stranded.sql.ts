// Stranded destinations: those with due events that no wake-up reached, and those whose breaker holds events that may go. The
// look costs one index probe for each destination.
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";

// A probe is due, or there is nothing to wait for any more because somebody has set the breaker by hand.
const MAY_LET_GO = `select from destination where id = l.destination_id and disabled_at is null
  and case coalesce(config #>> '{breaker,mode}', 'auto') when 'open' then false
    when 'auto' then coalesce(l.breaker_wake_at, now() - interval '1 minute') <= now() - interval '1 second' else true end`;

const DUE_WITHOUT_LANE = `
select d.destination_id
from (
  select id as destination_id, config ->> 'ordering' in ('fifo', 'by_key') as is_ordered from destination
  union all select destination_id, false from lane where destination_id not in (select id from destination)
) d
left join lane l on l.destination_id = d.destination_id
where (l.lease_expires_at is null or l.lease_expires_at <= now())
  and (case when d.is_ordered then (
    select min(o.due_at) from order_line o where o.destination_id = d.destination_id) <= now() - interval '1 second'
  else exists (
    select from event e where e.destination_id = d.destination_id and ${isDue("e")}
      and e.next_attempt_at <= now() - interval '1 second') end
    or l.breaker_holds and exists (${MAY_LET_GO}))`;

/** Destinations with an overdue event and no lane that could be working on it. */
export async function findStrandedDestinations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query({ name: "stranded-destinations", text: DUE_WITHOUT_LANE });
  return rows.map((row) => row.destination_id);
}
