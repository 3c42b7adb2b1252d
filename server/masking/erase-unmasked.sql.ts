// Requests that retention takes before their masks were applied, because a failed event keeps its place in an order, or because they
// could not be masked. Attempts that were made of them later stay, and nothing would say any more that they are to be withheld.
import type { Queryable } from "#server/database/db.ts";
import { ERASED_ATTEMPT, erasedRequest } from "#server/events/erase.sql.ts";
import { lowestId } from "#server/ids.ts";
import { IS_UNMASKED, MOVED_AT, SETTLED, unmaskedTeams } from "./masks.sql.ts";

const PAGE = 500;

/** The events of each request are sought by themselves, through the primary key: a join may read all of a team's. */
const ERASE_PAGE = `
with page as materialized (
  select r.id from request r where r.team_id = $1 and r.id > $2 and r.id < $3 and ${IS_UNMASKED} order by r.id limit ${PAGE}
), of_event as materialized (
  select made.* from page cross join lateral (
    select e.id, ${MOVED_AT} as moved_at from event e where e.team_id = $1 and e.request_id = page.id
      and e.id between 'evt_' || substr(page.id, 5, 10) and 'evt_' || substr(page.id, 5, 10) || '~' offset 0) as made
), of_attempt as (
  update attempt set ${ERASED_ATTEMPT} where team_id = $1 and id >= $4 and event_id = any (array(select id from of_event))
), of_request as (
  update request set ${erasedRequest("$5")} where team_id = $1 and id = any (array(select id from page))
)
select max(id) as last, count(*)::integer as requests,
  not exists (select from of_event where moved_at > $5::timestamptz - ${SETTLED}) as is_settled from page`;

interface Page {
  /** Null for none. */
  last: string | null;
  requests: number;
  is_settled: boolean;
}

interface Unmasked {
  /** Of requests, from `fromMs` to before `endMs`, in milliseconds since the epoch. */
  fromMs: number;
  endMs: number;
  /** All teams where it is left out. */
  teamId?: string;
  now: Date;
}

/**
 * Erases the unmasked requests of a time that is about to be removed, and what attempts hold of them; attempts from before `endMs` go
 * by themselves. Nothing is sent of an erased request, so none is added. Doing it twice changes nothing.
 * @returns false where one of their events has moved just now: an attempt that is on the wire may still be stored, so what is to be
 * removed has to wait
 */
export async function eraseUnmasked(db: Queryable, { fromMs, endMs, teamId, now }: Unmasked): Promise<boolean> {
  const bounds = [lowestId("request", endMs), lowestId("attempt", endMs), now];
  let isSettled = true;
  for (const team of teamId === undefined ? await unmaskedTeams(db) : [teamId]) {
    for (let last: string | null = lowestId("request", fromMs); last !== null; ) {
      const values: unknown[] = [team, last, ...bounds];
      const page: Page | undefined = (await db.query({ name: "erase-unmasked", text: ERASE_PAGE, values })).rows[0];
      if (page && !page.is_settled) isSettled = false;
      last = page?.requests === PAGE ? page.last : null;
    }
  }
  return isSettled;
}
