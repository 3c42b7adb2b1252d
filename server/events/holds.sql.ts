// Holds that are over. The look costs one index probe per group of held events, however many are held.
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import type { Queryable } from "#server/database/db.ts";
import type { HoldGroup } from "./moves.sql.ts";

const IS_GONE = `(c.id is null and held.connection_id <> '${DEBUG_COPIES}')`;

// Steps from one group to the next. A lane that holds for its breaker releases by itself; what no lane holds is released here.
const OVER = `
with recursive held as (
  (select connection_id, coalesce(hold_reason, '') as reason, destination_id from event
   where status = 'HOLD' and connection_id >= $1 and connection_id <= $2
   order by connection_id, coalesce(hold_reason, ''), destination_id limit 1)
  union all
  select following.* from held cross join lateral (
    select connection_id, coalesce(hold_reason, ''), destination_id from event
    where status = 'HOLD' and connection_id <= $2
      and (connection_id, coalesce(hold_reason, ''), destination_id) > (held.connection_id, held.reason, held.destination_id)
    order by connection_id, coalesce(hold_reason, ''), destination_id limit 1) as following
)
select held.connection_id, held.reason, held.destination_id, ${IS_GONE} as is_connection_gone
from held left join connection c on c.id = held.connection_id left join destination d on d.id = held.destination_id
where ${IS_GONE} or d.id is null or case held.reason
  when 'connection_paused' then c.paused_at is null
  when 'destination_disabled' then d.disabled_at is null
  when 'lease_expired' then d.endpoint_hold is distinct from held.reason
  when 'endpoint_unverified' then d.endpoint_hold is distinct from held.reason
  when 'maintenance' then held.destination_id <> all ($3::text[])
  when 'breaker_open' then not exists (select from lane where destination_id = held.destination_id and breaker_holds)
  when '' then c.paused_at is null and d.disabled_at is null
  else false end`;

export interface OverHold extends HoldGroup {
  is_connection_gone: boolean;
}

/**
 * Groups of held events whose reason is over.
 * @param maintained ids of destinations to which nothing may go, whatever their switches say
 * @param connectionId looks at this one only
 */
export async function findHoldsThatAreOver(
  db: Queryable,
  maintained: readonly string[],
  connectionId?: string,
): Promise<OverHold[]> {
  const values = [connectionId ?? "", connectionId ?? "~", maintained];
  const { rows } = await db.query<OverHold>({ name: "holds-over", text: OVER, values });
  return rows;
}
