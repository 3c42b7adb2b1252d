// The erasure of a request's payload: of what came in, and of all that was made of it. Ids, times, states and counts stay.
import type { Queryable } from "#server/database/db.ts";
import { derivedRange, idTimeMs, lowestId } from "#server/ids.ts";
import { isHandedOff } from "./handed-off.sql.ts";
import { isUnfinished } from "./lifecycle.sql.ts";
import type { Statement } from "./moves.sql.ts";
import { blocksItsLine } from "./order-line.sql.ts";

export interface ErasureKey {
  teamId: string;
  requestId: string;
}

/** All branches of a request, letters too, carry its time in their ids: a range of the primary key. */
const boundsOf = ({ teamId, requestId }: ErasureKey) => {
  const [event, ignored] = [derivedRange("event", requestId), derivedRange("ignored_event", requestId)];
  const firstAttempt = lowestId("attempt", idTimeMs(requestId));
  return [teamId, requestId, event.from, event.to, ignored.from, ignored.to, firstAttempt];
};
const OF_EVENT = "team_id = $1 and id >= $3 and id < $4 and request_id = $2";
const OF_IGNORED = "team_id = $1 and id >= $5 and id < $6 and request_id = $2";
const ofAttempt = (ids: string) => `team_id = $1 and id >= $7 and event_id = any (array(${ids}))`;

export interface Branches {
  events: number;
  unfinished_ids: string[];
  ignored_events: number;
  attempts: number;
  /** Whether routing is still to look at it. */
  is_being_routed: boolean;
}

/** What there is of a request. */
export const branchesStatement = (key: ErasureKey): Statement => ({
  text: `
with of_event as materialized (select id, ${isUnfinished("event")} or ${blocksItsLine("event")} as is_unfinished from event where ${OF_EVENT})
select (select count(*)::int from of_event) as events,
  array(select id from of_event where is_unfinished order by id) as unfinished_ids,
  (select count(*)::int from ignored_event where ${OF_IGNORED}) as ignored_events,
  (select count(*)::int from attempt where ${ofAttempt("select id from of_event")}) as attempts,
  exists (select from deferred_branch where team_id = $1 and request_id = $2)
    or ${isHandedOff("$1", "$2")} as is_being_routed`,
  values: boundsOf(key),
});

/** Where events of a request were delivered to. */
export const deliveredStatement = (key: ErasureKey): Statement => ({
  text: `
select e.destination_id, d.name as destination_name, d.type as destination_type, count(*)::int as events
from event e left join destination d on d.id = e.destination_id and d.team_id = $1
where e.team_id = $1 and e.id >= $3 and e.id < $4 and e.request_id = $2 and e.delivered_at is not null
  and $5::text is not null and $6::text is not null and $7::text is not null
group by 1, 2, 3 order by 4 desc, 1`,
  values: boundsOf(key),
});

const NOTHING = `'{"method":"POST","path":"/","query":"","headers":[]}'::json`;

// Scheme and host of a URL: the path and the query behind it may be the request's.
const ORIGIN = `coalesce(substring(requested_url from '^[a-z0-9+.-]+://[^/?#]*'), '')`;

/** The assignments that leave of an attempt, and of a request, what is no payload; those of a request with the instant as `now`. */
export const ERASED_ATTEMPT = `requested_url = ${ORIGIN}, request_headers = '[]', response_body = null,
    response_headers = case when response_headers is not null then '[]'::json end`;
export const erasedRequest = (now: string) => `path = '/', query = '', headers = '[]', body = '', content_type = null,
    rejection_detail = null, remote_ip = '', erased_at = coalesce(erased_at, ${now}::timestamptz)`;

/** Erases a request and its branches, whatever state they are in; doing it twice changes nothing. */
export const eraseStatement = (key: ErasureKey, now: Date): Statement => ({
  text: `
with locked as materialized (
  select id from event where ${OF_EVENT} order by id for update
), of_event as (
  update event e set why = '[]', transformed_body = null,
    transformed = case when transformed is not null or transformed_body is not null then ${NOTHING} end,
    turn_key = null, occurred_at = null, resource_id = null, order_key = case when ${isUnfinished("e")} or ${blocksItsLine("e")} then order_key end
  where ${OF_EVENT} and id = any (array(select id from locked)) returning id
), of_ignored as (
  update ignored_event set why = '[]', occurred_at = null, resource_id = null, detail = 'Erased with the payload of its request.' where ${OF_IGNORED}
), of_attempt as (
  update attempt set ${ERASED_ATTEMPT}
  where ${ofAttempt("select id from of_event")}
)
update request set ${erasedRequest("$8")}
where team_id = $1 and id = $2 returning erased_at`,
  values: [...boundsOf(key), now],
});

/** Erases once more what came in the meantime: an attempt that was on the wire, a letter that was being written. */
export async function eraseAgain(db: Queryable, key: ErasureKey, now: Date): Promise<void> {
  const { text, values } = eraseStatement(key, now);
  await db.query(text, values);
}
