// The files of many events: which events a file has is decided once, and stored before the file is written. A repeat after a
// crash therefore writes the same bytes under the same name.
import type { Queryable } from "#server/database/db.ts";
import { maySettle } from "#server/events/lifecycle.sql.ts";
import { loadRequests, type StoredRequest } from "#server/events/stored-request.sql.ts";
import type { DueEvent } from "./due-events.sql.ts";

export interface ObjectBatch {
  team_id: string;
  id: string;
  key: string;
  /** In order. */
  event_ids: string[];
}

export interface NewBatch extends ObjectBatch {
  destination_id: string;
  connection_id: string;
}

// The ids prune partitions. An event that was cancelled or settled meanwhile is in no file.
const CLAIM = `
with held as materialized (
  select from lane where destination_id = $3 and token = $8::bigint and lease_expires_at > now()
), marked as (
  update event e set object_batch_id = $2
  from held where e.team_id = $1 and e.id = any ($6::text[]) and e.id between $9 and $10
    and e.object_batch_id is null and ${maySettle("e")}
  returning e.id
), made as (
  insert into object_batch (team_id, id, destination_id, connection_id, key, event_ids, created_at)
  select $1, $2, $3, $4, $5, array(select id from marked order by id), $7 from held where exists (select from marked)
  returning event_ids
)
select event_ids from made`;

/** Stores which events the file has. Returns those that it got: fewer than asked for when some have ended, none when the lease is lost. */
export async function claimBatch(
  db: Queryable,
  batch: NewBatch,
  { token, now }: { token: string; now: Date },
): Promise<string[]> {
  const { team_id, id, destination_id, connection_id, key, event_ids: ids } = batch;
  const { rows } = await db.query<{ event_ids: string[] }>({
    name: "claim-batch",
    text: CLAIM,
    values: [team_id, id, destination_id, connection_id, key, ids, now, token, ids[0], ids.at(-1)],
  });
  return rows[0]?.event_ids ?? [];
}

/** Null when it is gone: it was stored with events that are past their retention. */
export async function readBatch(db: Queryable, teamId: string, id: string): Promise<ObjectBatch | null> {
  const { rows } = await db.query<ObjectBatch>({
    name: "read-batch",
    text: "select team_id, id, key, event_ids from object_batch where team_id = $1 and id = $2",
    values: [teamId, id],
  });
  return rows[0] ?? null;
}

/** Stores the digest of the lines that are about to be written. False when others were written before. */
export async function keepDigest(db: Queryable, { team_id, id }: ObjectBatch, digest: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "keep-digest",
    text: "update object_batch set digest = $3 where team_id = $1 and id = $2 and coalesce(digest, $3) = $3",
    values: [team_id, id, digest],
  });
  return rowCount === 1;
}

/** Takes events out of a file that cannot be written as it was: they get another one. */
export async function leaveBatch(
  db: Queryable,
  { team_id, id }: Pick<ObjectBatch, "team_id" | "id">,
  eventIds: string[],
): Promise<void> {
  const ids = eventIds.toSorted();
  await db.query({
    name: "leave-batch",
    text: `update event set object_batch_id = null
           where team_id = $1 and id = any ($2::text[]) and id between $3 and $4 and object_batch_id = $5`,
    values: [team_id, ids, ids[0], ids.at(-1), id],
  });
}

/** An event of a file, with its request. */
export interface LineEvent {
  event: Pick<DueEvent, "id" | "request_id" | "source_id" | "connection_id" | "event_type" | "transformed"> & {
    transformed_body: Buffer | null;
  };
  request: StoredRequest;
}

/** The largest of Postgres' integers. */
const ANY_BYTES = 2_147_483_647;

const EVENTS = `
select id, request_id, source_id, connection_id, event_type, transformed, transformed_body
from event where team_id = $1 and id = any ($2::text[]) and id between $3 and $4 order by id`;

/** The events of a file in order, without those that are gone. */
export async function readLines(db: Queryable, { team_id, event_ids }: ObjectBatch): Promise<LineEvent[]> {
  const values = [team_id, event_ids, event_ids[0], event_ids.at(-1)];
  const { rows } = await db.query<LineEvent["event"]>({ name: "read-batch-events", text: EVENTS, values });
  const keys = [...new Set(rows.map((row) => row.request_id))].map((id) => [team_id, id] as const);
  const requests = await loadRequests(db, keys, ANY_BYTES);
  return rows.flatMap((event) => {
    const request = requests.get(event.request_id);
    return request ? [{ event, request }] : [];
  });
}
