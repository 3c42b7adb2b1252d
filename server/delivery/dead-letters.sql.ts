// Dead letters on their way: what is to be told of an event that has failed for good, and the statement that tells it once.
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { EndReason } from "#server/contracts/event-life.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Queryable } from "#server/database/db.ts";
import { countMoves } from "#server/events/branch-counts.sql.ts";
import { joinLines, orderMarkOf } from "#server/events/order-line.sql.ts";
import { unpackedHeaders, unpackedRequestHeaders } from "#server/events/packed-headers.sql.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";
import { storableJson } from "#server/json/storable.ts";

export interface Letter {
  team_id: string;
  event_id: string;
}

export async function hasDeadLetters(db: Queryable): Promise<boolean> {
  const { rows } = await db.query("select exists (select from dead_letter) as found");
  return rows[0].found;
}

const OF_EACH_TEAM = 5;

// Steps from team to team, so that teams without letters cost nothing.
const NEXT = `
with recursive waiting as (
  (select team_id from dead_letter order by team_id limit 1)
  union all
  select (select team_id from dead_letter d where d.team_id > waiting.team_id order by team_id limit 1) from waiting where team_id is not null
)
select waiting.team_id, next.event_id from waiting cross join lateral (
  select event_id from dead_letter d where d.team_id = waiting.team_id and event_id <> all ($1::text[])
  order by event_id limit ${OF_EACH_TEAM}) as next`;

/** The next letters of every team, so that the flood of one delays no other. */
export async function nextLetters(db: Queryable, exceptEventIds: readonly string[]): Promise<Letter[]> {
  const { rows } = await db.query<Letter>({ name: "next-letters", text: NEXT, values: [exceptEventIds] });
  return rows;
}

export interface FailedEvent {
  id: string;
  request_id: string;
  status: string;
  event_type: string | null;
  ended_because: EndReason | null;
  attempts: number;
  response_status: number | null;
  error_code: ErrorCode | null;
  created_at: Date;
  last_attempt_at: Date | null;
  source_id: string;
  source_name: string | null;
  connection_id: string;
  connection_name: string | null;
  destination_id: string;
  destination_name: string | null;
  request:
    | (RequestHead & {
        content_type: string | null;
        verified: boolean;
        created_at: Date;
        erased_at: Date | null;
        body: Buffer;
      })
    | null;
}

const READ = `
select e.id, e.request_id, e.status, e.event_type, e.ended_because, e.attempts, e.response_status, e.error_code, e.created_at, e.last_attempt_at,
  e.source_id, s.name as source_name, e.connection_id, c.name as connection_name, e.destination_id, d.name as destination_name,
  r.method, r.path, r.query, ${unpackedRequestHeaders("r")} as headers, r.content_type, r.verified, r.created_at as received_at, r.erased_at, r.body
from event e left join request r on r.team_id = e.team_id and r.id = e.request_id
  left join source s on s.id = e.source_id left join connection c on c.id = e.connection_id
  left join destination d on d.id = e.destination_id
where e.team_id = $1 and e.id = $2`;

export async function readFailedEvent(db: Queryable, { team_id, event_id }: Letter): Promise<FailedEvent | null> {
  const { rows } = await db.query(READ, [team_id, event_id]);
  const [row] = rows;
  if (!row) return null;
  const { method, path, query, headers, content_type, verified, received_at, erased_at, body, ...event } = row;
  const request = method && {
    method,
    path,
    query,
    headers,
    content_type,
    verified,
    created_at: received_at,
    erased_at,
    body,
  };
  return { ...event, request };
}

export interface LastAttempt {
  id: string;
  number: number;
  trigger: string;
  requested_url: string;
  response_status: number | null;
  response_headers: HeaderList | null;
  response_body: Buffer | null;
  error_code: ErrorCode | null;
  latency_ms: number;
  created_at: Date;
}

const MAX_ATTEMPTS = 5;
const MAX_RESPONSE_BYTES = 4_096;

/** The newest attempts, oldest first, with the beginning of what was answered. */
export async function readLastAttempts(db: Queryable, { team_id, event_id }: Letter): Promise<LastAttempt[]> {
  const { rows } = await db.query<LastAttempt>(
    `select id, number, trigger, requested_url, response_status, ${unpackedHeaders("attempt", "response_headers")} as response_headers, substring(response_body for ${MAX_RESPONSE_BYTES}) as response_body,
       error_code, latency_ms::float8 as latency_ms, created_at
     from attempt where team_id = $1 and event_id = $2 order by number desc, id desc limit ${MAX_ATTEMPTS}`,
    [team_id, event_id],
  );
  return rows.reverse();
}

// The statement that deletes the hand-off writes the letter, so of two workers one writes it. It is an event of the request
// and the connection of the one that failed, at another destination of the same team.
const WRITE = `
with taken as (
  delete from dead_letter where team_id = $1 and event_id = $2 returning destination_id
), made as (
  insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, event_type, trigger, next_attempt_at,
    transformed, transformed_body, why, created_at, dead_letter_of, order_key, turn_key,
    occurred_at, resource_id)
  select e.team_id, $3, e.request_id, e.source_id, e.connection_id, d.id, 'QUEUED', e.event_type, 'DEAD_LETTER', now(),
    $5::json, $6::bytea, $7::json, $4::timestamptz, e.id, ${orderMarkOf("d")}, e.connection_id,
    e.occurred_at, e.resource_id
  from taken join destination d on d.id = taken.destination_id and d.team_id = $1 and d.id <> $8
    join event e on e.team_id = $1 and e.id = $2
  on conflict (team_id, id) do nothing
  returning team_id, id, source_id, connection_id, destination_id, created_at, status, status_before, order_key, turn_key, next_attempt_at
), lined as (${joinLines("made")}), tallied as (
  ${countMoves("select team_id, source_id, connection_id, destination_id, status, status_before, 1 as n from made")}
), counted as (
  ${rollupUpsert(["event_count"], "select team_id, created_at as at, source_id, connection_id, destination_id, 1 as event_count from made")}
)
select destination_id from made`;

export interface WrittenLetter extends Letter {
  id: string;
  /** Where the event has failed: no letter goes there. */
  failed_at: string;
  head: RequestHead;
  body: Buffer;
  why: object[];
  now: Date;
}

/** Writes a letter once. Returns its destination; null where there was nothing to write any more. */
export async function writeLetter(db: Queryable, letter: WrittenLetter): Promise<string | null> {
  const { team_id, event_id, id, now, head, body, why, failed_at } = letter;
  const values = [team_id, event_id, id, now, storableJson(head), body, storableJson(why), failed_at];
  const { rows } = await db.query({ name: "write-dead-letter", text: WRITE, values });
  return rows[0]?.destination_id ?? null;
}

/** Forgets a letter of an event that is gone. */
export async function dropLetter(db: Queryable, { team_id, event_id }: Letter): Promise<void> {
  await db.query("delete from dead_letter where team_id = $1 and event_id = $2", [team_id, event_id]);
}
