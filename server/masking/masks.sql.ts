// Statements of masking at rest: the requests that may be masked now, what there is of one, and its masked form.
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Queryable } from "#server/database/db.ts";
import { isHandedOff } from "#server/events/handed-off.sql.ts";
import { isUnfinished } from "#server/events/lifecycle.sql.ts";
import { blocksItsLine } from "#server/events/order-line.sql.ts";
import { unpackedHeaders, unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import { unpackedWhy } from "#server/events/packed-why.sql.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";
import { derivedRange, idTimeMs, lowestId } from "#server/ids.ts";
import { storableJson, storableText } from "#server/json/storable.ts";

export interface MaskKey {
  team_id: string;
  id: string;
}

/** Of a request `r`. */
export const IS_UNMASKED = "r.masks is not null and r.masked_at is null";

/**
 * A send lasts a minute at most, and its attempt is stored a little later: what has moved within this time may get another
 * attempt, which nobody would mask.
 */
export const SETTLED = "interval '3 minutes'";

/** Of an event `e`. */
export const MOVED_AT =
  "greatest(e.created_at, e.last_attempt_at, (e.moves[cardinality(e.moves)] ->> 'at')::timestamptz)";
/** Whether it may be sent yet, in its form as it came. */
const isOwed = (event: string) => `(${isUnfinished(event)} or ${blocksItsLine(event)})`;

/** The letter of an event that has failed is made of its request, and may be made later than others of a flood. */
const IS_OVER = `r.created_at < $3::timestamptz - ${SETTLED} and not exists (
    select from event e where e.team_id = r.team_id and e.request_id = r.id
      and e.id between 'evt_' || substr(r.id, 5, 10) and 'evt_' || substr(r.id, 5, 10) || '~'
      and (${isOwed("e")} or ${MOVED_AT} > $3::timestamptz - ${SETTLED}))
  and not exists (select from dead_letter l where l.team_id = r.team_id
      and l.event_id between 'evt_' || substr(r.id, 5, 10) and 'evt_' || substr(r.id, 5, 10) || '~'
      and exists (select from event e where e.team_id = l.team_id and e.id = l.event_id and e.request_id = r.id))
  and not exists (select from deferred_branch d where d.team_id = r.team_id and d.request_id = r.id)
  and not ${isHandedOff("r.team_id", "r.id")}`;

// From team to team through the index, however many requests each has.
const TEAMS = `
with recursive team as (
  (select team_id from request r where ${IS_UNMASKED} order by team_id limit 1)
  union all
  select (select r.team_id from request r where r.team_id > team.team_id and ${IS_UNMASKED} order by r.team_id limit 1)
  from team where team.team_id is not null
)
select team_id from team where team_id is not null`;

/** The teams that have requests to be masked, sooner or later. */
export async function unmaskedTeams(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ team_id: string }>({ name: "unmasked-teams", text: TEAMS });
  return rows.map(({ team_id }) => team_id);
}

/** The next unmasked requests of a team behind one, in order of their ids, and whether all that came of each is over. */
export async function nextUnmasked(
  db: Queryable,
  { team_id, id }: MaskKey,
  { now, limit }: { now: Date; limit: number },
): Promise<{ id: string; is_over: boolean }[]> {
  const { rows } = await db.query({
    name: "next-unmasked",
    text: `select r.id, ${IS_OVER} as is_over from (
      select * from request r where r.team_id = $1 and r.id > $2 and ${IS_UNMASKED} order by r.id limit $4) as r`,
    values: [team_id, id, now, limit],
  });
  return rows;
}

export interface UnmaskedRequest extends RequestHead {
  body: Buffer;
  content_type: string | null;
  masks: string;
}

/** Locks a request and reads it; null where another worker has it, or has masked it, or it is not over any more. */
export async function takeUnmasked(
  db: Queryable,
  { team_id, id }: MaskKey,
  now: Date,
): Promise<UnmaskedRequest | null> {
  const { rows } = await db.query<UnmaskedRequest>(
    `select r.method, r.path, r.query, ${unpackedRequestHeaders("r")} as headers, r.body, r.content_type, r.masks from request r
     where r.team_id = $1 and r.id = $2 and ${IS_UNMASKED} and ${IS_OVER} for update of r skip locked`,
    [team_id, id, now],
  );
  return rows[0] ?? null;
}

/** What was made of a request, by kind. */
export interface MadeOf {
  events: {
    id: string;
    transformed: RequestHead | null;
    transformed_body: Buffer | null;
    why: string;
    order_key: string | null;
    turn_key: string | null;
  }[];
  ignored: { id: string; detail: string; why: string }[];
  attempts: {
    id: string;
    requested_url: string;
    request_headers: HeaderList;
    response_headers: HeaderList | null;
    response_body: Buffer | null;
  }[];
}

/** Locks the events; null where one of them is to be sent again since its request was taken. */
export async function readMadeOf(db: Queryable, { team_id, id }: MaskKey): Promise<MadeOf | null> {
  const [event, ignored] = [derivedRange("event", id), derivedRange("ignored_event", id)];
  const events = await db.query(
    `select id, transformed, transformed_body, ${unpackedWhy("event")}::text as why, order_key, turn_key, ${isOwed("event")} as is_owed from event
     where team_id = $1 and id >= $3 and id < $4 and request_id = $2 order by id for update`,
    [team_id, id, event.from, event.to],
  );
  if (events.rows.some(({ is_owed }) => is_owed)) return null;
  const left = await db.query(
    "select id, detail, why::text as why from ignored_event where team_id = $1 and id >= $3 and id < $4 and request_id = $2",
    [team_id, id, ignored.from, ignored.to],
  );
  const attempts = await db.query(
    `select id, requested_url, ${unpackedHeaders("attempt", "request_headers")} as request_headers,
       ${unpackedHeaders("attempt", "response_headers")} as response_headers, response_body from attempt
     where team_id = $1 and id >= $2 and event_id = any ($3::text[])`,
    [team_id, lowestId("attempt", idTimeMs(id)), events.rows.map((row) => row.id)],
  );
  return { events: events.rows, ignored: left.rows, attempts: attempts.rows };
}

const jsonOrNull = (value: object | null) => (value === null ? null : storableJson(value));

/** Writes the masked form of a request and of what was made of it. */
export async function writeMasked(
  db: Queryable,
  { team_id, id }: MaskKey,
  { request, made, now }: { request: UnmaskedRequest; made: MadeOf; now: Date },
): Promise<void> {
  for (const event of made.events) {
    await db.query(
      "update event set transformed = $3, transformed_body = $4, why = $5, order_key = $6, turn_key = $7 where team_id = $1 and id = $2",
      [
        team_id,
        event.id,
        jsonOrNull(event.transformed),
        event.transformed_body,
        event.why,
        event.order_key,
        event.turn_key,
      ],
    );
  }
  for (const { id: ignoredId, detail, why } of made.ignored) {
    await db.query("update ignored_event set detail = $3, why = $4 where team_id = $1 and id = $2", [
      team_id,
      ignoredId,
      detail,
      why,
    ]);
  }
  for (const attempt of made.attempts) {
    const headers = [storableJson(attempt.request_headers), jsonOrNull(attempt.response_headers)];
    await db.query(
      `update attempt set requested_url = $3, request_headers = $4, response_headers = $5, response_body = $6
       where team_id = $1 and id = $2`,
      [team_id, attempt.id, attempt.requested_url, ...headers, attempt.response_body],
    );
  }
  const { path, query, headers, body } = request;
  await db.query(
    "update request set path = $3, query = $4, headers = $5, body = $6, masked_at = $7 where team_id = $1 and id = $2",
    [team_id, id, storableText(path), storableText(query), storableJson(headers), body, now],
  );
}
