// Stranded destinations: those with due events that no wake-up reached. The look costs one index probe for each
// destination.
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";

const DUE_WITHOUT_LANE = `
select d.destination_id
from (select id as destination_id from destination union select destination_id from lane) d
left join lane l on l.destination_id = d.destination_id
where (l.lease_expires_at is null or l.lease_expires_at <= now())
  and exists (
    select from event e where e.destination_id = d.destination_id and ${isDue("e")}
      and e.next_attempt_at <= now() - interval '1 second')`;

/** Destinations with an overdue event and no lane that could be working on it. */
export async function findStrandedDestinations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query({ name: "stranded-destinations", text: DUE_WITHOUT_LANE });
  return rows.map((row) => row.destination_id);
}
