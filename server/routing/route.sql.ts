// The route statement: one round trip writes the events, the ignored events and their counts. Ids are derived from request
// and connection, so writing a batch twice changes nothing; a replay updates the same rows on purpose.

import { type RollupCount, rollupUpsert } from "#server/batch/rollup.sql.ts";
import type { BranchIds } from "#server/contracts/branch.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { IgnoredCause } from "#server/contracts/request.ts";
import type { Queryable } from "#server/database/db.ts";
import { countMoves, statusBefore } from "#server/events/branch-counts.sql.ts";
import { retriesCountedFrom, withMove } from "#server/events/lifecycle.sql.ts";
import { joinLines } from "#server/events/order-line.sql.ts";
import type { RequestHead } from "#server/events/stored-request.sql.ts";
import { storableJsonText } from "#server/json/storable.ts";
import {
  type DeferredBranch,
  deferredParameter,
  insertDeferred,
  type NewDeferredBranch,
  readDeferredRow,
} from "./deferred-branch.sql.ts";

export interface NewEvent extends BranchIds {
  status: "QUEUED" | "SCHEDULED" | "HOLD";
  /** Set where the status is HOLD. */
  hold_reason?: HoldReason;
  event_type: string | null;
  /** Left out, as `resource_id`, where the event does not tell it. */
  occurred_at?: string;
  resource_id?: string;
  /** Left out where the destination keeps no order. */
  order_key?: string;
  /** Left out where the destination has one turn_key only. */
  turn_key?: string;
  next_attempt_at: Date;
  /**
   * Null when no transform changed the request. `body` beside it is null as well then, and also when only the rest changed.
   */
  transformed: RequestHead | null;
  body: Buffer | null;
  /** The JSON text of each step. */
  why: string[];
  created_at: Date;
}

export interface NewIgnoredEvent extends BranchIds {
  cause: IgnoredCause;
  detail: string;
  occurred_at?: string;
  resource_id?: string;
  /** The JSON text of each step. */
  why: string[];
  created_at: Date;
}

/** The causes that are counted apart. */
export const IGNORED_COUNTS: [RollupCount, IgnoredCause[]][] = [
  ["ignored_duplicate_count", ["DEDUPLICATED"]],
  ["ignored_filtered_count", ["FILTERED"]],
  ["ignored_transform_count", ["TRANSFORMATION_FAILED"]],
  ["ignored_disabled_count", ["CONNECTION_DISABLED", "DESTINATION_DISABLED"]],
];

interface RouteVariant {
  /** An SQL expression. */
  trigger: string;
  /** Whether a bulk operation may have deferred the branch; its event then names the operation. */
  isOfBulk: boolean;
  /** The list whose rows `$4` names. They are deleted, and only their branches are written. */
  taken: "hand_off" | "deferred_branch";
  onEvent: string;
  onIgnored: string;
  /** Whether events may have an order key. The statement without lines is what every other batch runs. */
  isOrdered: boolean;
  /** Whether the statement returns the ids of the events that it inserted. */
  isAsked: boolean;
  /** Whether the ignored event that the statement just wrote was not there before it. */
  isNewlyIgnored: string;
}

// A replay may have come first: its event stays, and the other branches are still written.
const ONCE: RouteVariant = {
  trigger: "'INITIAL'",
  isOfBulk: false,
  taken: "hand_off",
  isOrdered: false,
  isAsked: false,
  onEvent: "on conflict (team_id, id) do nothing",
  onIgnored: "on conflict (team_id, id) do nothing",
  isNewlyIgnored: "true",
};
const LATER: RouteVariant = { ...ONCE, taken: "deferred_branch", isOrdered: true };
const REPLAYED = withMove(
  "event",
  "json_build_object('move', 'requeue', 'at', now(), 'trigger', excluded.trigger, 'ended_because', event.ended_because)",
);
const BULK_ID = "(select bulk_id from taken where taken.id = r.taken_id)";
const REPLAY: RouteVariant = {
  trigger: `case when ${BULK_ID} is null then 'MANUAL' else 'BULK' end`,
  isOfBulk: true,
  isOrdered: true,
  isAsked: false,
  taken: "deferred_branch",
  onEvent: `on conflict (team_id, id) do update set
    status = excluded.status, ${statusBefore("event")}, hold_reason = excluded.hold_reason, ended_because = null, trigger = excluded.trigger, bulk_id = excluded.bulk_id,
    order_key = excluded.order_key, turn_key = excluded.turn_key, next_attempt_at = excluded.next_attempt_at, retries_counted_from = ${retriesCountedFrom("event")}, delivered_at = null,
    moves = ${REPLAYED}, event_type = excluded.event_type,
    occurred_at = coalesce(excluded.occurred_at, event.occurred_at), resource_id = coalesce(excluded.resource_id, event.resource_id),
    transformed = excluded.transformed, transformed_body = excluded.transformed_body, why = excluded.why`,
  onIgnored:
    "on conflict (team_id, id) do update set cause = excluded.cause, detail = excluded.detail, why = excluded.why",
  // This subquery sees the table as it was before the statement.
  isNewlyIgnored:
    "not exists (select from ignored_event old where old.team_id = ignored_event.team_id and old.id = ignored_event.id)",
};

// The statement that deletes a row of the list also writes its branches. A second run, which might judge otherwise by now,
// finds nothing to do.
const writeRoute = (
  { trigger, isOfBulk, isOrdered, isAsked, taken, onEvent, onIgnored, isNewlyIgnored }: RouteVariant,
  and = (rollups: string) => rollups,
) => `
with taken as (delete from ${taken} where id = any ($4::bigint[]) returning id${isOfBulk ? ", bulk_id" : ""}), new_event as (
  insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, event_type, trigger,
    next_attempt_at, transformed, transformed_body, why, created_at, turn_key, occurred_at, resource_id${isOfBulk ? ", bulk_id" : ""}${isOrdered ? ", order_key" : ""})
  select team_id, id, request_id, source_id, connection_id, destination_id, status, hold_reason, event_type, ${trigger}, next_attempt_at,
    transformed, case when body_bytes is not null then substring($3::bytea from body_at + 1 for body_bytes) end, why, created_at, turn_key, occurred_at, resource_id${isOfBulk ? `, ${BULK_ID}` : ""}${isOrdered ? ", order_key" : ""}
  from json_to_recordset($1::json) as r(team_id text, id text, request_id text, source_id text, connection_id text,
    destination_id text, status text, hold_reason text, event_type text, next_attempt_at timestamptz, transformed json, body_at integer,
    body_bytes integer, why json, created_at timestamptz, taken_id bigint, turn_key text, occurred_at timestamptz, resource_id text${isOrdered ? ", order_key text" : ""})
  where taken_id in (select id from taken) order by id collate "C"
  ${onEvent}
  returning team_id, source_id, connection_id, destination_id, created_at, status, status_before${isOrdered ? ", id, order_key, turn_key, next_attempt_at" : isAsked ? ", id" : ""}
), ${
  isOrdered
    ? `lined as (
  ${joinLines("new_event")}
), `
    : ""
}new_ignored as (
  insert into ignored_event (team_id, id, request_id, source_id, connection_id, destination_id, cause, detail, why, created_at, occurred_at, resource_id)
  select team_id, id, request_id, source_id, connection_id, destination_id, cause, detail, why, created_at, occurred_at, resource_id
  from json_to_recordset($2::json) as r(team_id text, id text, request_id text, source_id text, connection_id text,
    destination_id text, cause text, detail text, why json, created_at timestamptz, taken_id bigint, occurred_at timestamptz, resource_id text)
  where taken_id in (select id from taken) order by id collate "C"
  ${onIgnored}
  returning team_id, source_id, connection_id, destination_id, created_at, cause, ${isNewlyIgnored} as is_new
), tallied as (
  ${countMoves("select team_id, source_id, connection_id, destination_id, status, status_before, count(*)::integer as n from new_event group by 1, 2, 3, 4, 5, 6")}
)${and(
  rollupUpsert(
    ["event_count", "hold_count", "ignored_count", ...IGNORED_COUNTS.map(([count]) => count)],
    `select team_id, case when status_before is null then created_at else now() end as at, source_id, connection_id, destination_id,
       (status_before is null)::integer as event_count, (status = 'HOLD' and status_before is distinct from 'HOLD')::integer as hold_count,
       0 as ignored_count, ${IGNORED_COUNTS.map(([count]) => `0 as ${count}`).join(", ")}
     from new_event where status_before is null or status = 'HOLD' and status_before <> 'HOLD'
   union all
   select team_id, created_at, source_id, connection_id, destination_id, 0, 0, 1,
     ${IGNORED_COUNTS.map(([, causes]) => `(cause in (${causes.map((cause) => `'${cause}'`).join(", ")}))::integer`).join(", ")}
   from new_ignored where is_new`,
  ),
)}`;

// The same statement defers the branches that cannot be decided now.
const DEFERRING = (rollups: string) => `, deferred as (
  ${insertDeferred("$5", "where taken_id in (select id from taken)")}
), counted as (${rollups}
)
select * from deferred`;

/**
 * Has this transaction wait for the disk at its commit, on a connection whose others do not. What is sent on hearing of a commit would
 * be sent again after a crash that took the commit back.
 */
export const COMMIT_THROUGH = "set_config('synchronous_commit', 'on', true)";

// Only where lanes wait for the events: all others need not be told.
const TELLING = (rollups: string) => `, counted as (${rollups}
)
select id, ${COMMIT_THROUGH} from new_event`;

const ORDERED: RouteVariant = { ...ONCE, isOrdered: true };
const WRITE_ONCE = { name: "write-route", text: writeRoute(ONCE) };
const WRITE_TELLING = { name: "write-route-telling", text: writeRoute({ ...ONCE, isAsked: true }, TELLING) };
const WRITE_ORDERED = { name: "write-route-ordered", text: writeRoute(ORDERED) };
const WRITE_DEFERRING = { name: "write-route-deferring", text: writeRoute(ORDERED, DEFERRING) };
const WRITE_LATER = { name: "write-deferred", text: writeRoute(LATER) };
const WRITE_REPLAY = { name: "write-replay", text: writeRoute(REPLAY) };
// Of requests that nothing is connected to, nothing is written: the statements above would look into empty lists.
const FINISH = { name: "finish-hand-offs", text: "delete from hand_off where id = any ($1::bigint[])" };

/** A row with the row of the list that it came from. */
export type Taken<Row> = Row & { taken_id: string };

export interface Rows {
  events: Taken<NewEvent>[];
  ignored: Taken<NewIgnoredEvent>[];
  /** The rows of the list that are finished. */
  takenIds: string[];
}

/** What a write of first routes has done. */
interface Routed {
  /** The branches that were deferred. */
  written: DeferredBranch[];
  /** Of the events that were not there before. Empty where that was not asked for, or cannot be told. */
  insertedIds: string[];
}

/**
 * Writes the decided branches, defers the others, and deletes the hand-offs. Rows that another run has written meanwhile
 * stay as they are.
 */
export async function writeFirstRoute(
  db: Queryable,
  { events, ignored, takenIds }: Rows,
  { deferred = [], asksForInserted = false }: { deferred?: Taken<NewDeferredBranch>[]; asksForInserted?: boolean } = {},
): Promise<Routed> {
  if (events.length + ignored.length + deferred.length === 0) {
    await db.query({ ...FINISH, values: [takenIds] });
    return { written: [], insertedIds: [] };
  }
  const values = [...parameters(events, ignored), takenIds];
  if (deferred.length > 0) {
    const { rows } = await db.query({ ...WRITE_DEFERRING, values: [...values, deferredParameter(deferred)] });
    return { written: rows.map(readDeferredRow), insertedIds: [] };
  }
  if (events.some(({ order_key }) => order_key !== undefined)) {
    await db.query({ ...WRITE_ORDERED, values });
    return { written: [], insertedIds: [] };
  }
  const { rows } = await db.query<{ id: string }>({ ...(asksForInserted ? WRITE_TELLING : WRITE_ONCE), values });
  return { written: [], insertedIds: rows.map(({ id }) => id) };
}

/**
 * Writes deferred branches and deletes their rows from the list.
 * @param isReplay queues an event that exists already anew, with its id and history
 */
export async function writeDeferred(db: Queryable, rows: Rows, isReplay: boolean): Promise<void> {
  const values = [...parameters(rows.events, rows.ignored), rows.takenIds];
  await db.query({ ...(isReplay ? WRITE_REPLAY : WRITE_LATER), values });
}

function parameters(events: Taken<NewEvent>[], ignored: Taken<NewIgnoredEvent>[]): unknown[] {
  let at = 0;
  const bodies: Buffer[] = [];
  const records = events.map(({ body, ...event }) => {
    const record = recordText({ ...event, body_at: at, body_bytes: body?.length ?? null });
    if (body) bodies.push(body);
    at += body?.length ?? 0;
    return record;
  });
  return [listText(records), listText(ignored.map(recordText)), Buffer.concat(bodies)];
}

const listText = (records: string[]) => storableJsonText(`[${records.join(",")}]`);

/** The steps are JSON already. */
const recordText = <Row extends { why: string[] }>({ why, ...record }: Row) =>
  `${JSON.stringify(record).slice(0, -1)},"why":[${why.join(",")}]}`;

type RequestPairs = readonly (readonly [string, string])[];

/** Marks requests that had no connection to go to. */
export async function markUnconnected(db: Queryable, keys: RequestPairs): Promise<void> {
  await db.query(
    "update request set rejection_cause = 'NO_CONNECTION' where team_id = any ($1::text[]) and id = any ($2::text[]) and rejection_cause is null",
    [[...new Set(keys.map(([teamId]) => teamId))], keys.map(([, id]) => id).sort()],
  );
}

/** Takes the mark back. */
export async function unmarkConnected(db: Queryable, keys: RequestPairs): Promise<void> {
  await db.query(
    "update request set rejection_cause = null where team_id = any ($1::text[]) and id = any ($2::text[]) and rejection_cause = 'NO_CONNECTION'",
    [[...new Set(keys.map(([teamId]) => teamId))], keys.map(([, id]) => id).sort()],
  );
}
