// The events of a team's system source: requests that nobody sent, handed to routing like any other.
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import type { Queryable } from "#server/database/db.ts";
import { HAND_OFF_CHANNEL } from "#server/jobs.ts";
import { type SystemEvent, systemRequest } from "./system-request.ts";

const EMIT = `
with told as (
  select * from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[]) as told(id, event_type, body, at)
), stored as (
  insert into request (team_id, id, source_id, status, verification, verified, method, path, query, headers, body, content_type, body_bytes,
    event_type, remote_ip, created_at)
  select $1, id, $2, 'accepted', 'verified', true, 'POST', '/', '', $7::json, convert_to(body, 'UTF8'), 'application/json', octet_length(body),
    event_type, '', at
  from told order by id on conflict do nothing returning team_id, id, source_id, created_at
), handed as (
  insert into hand_off (requests, first_id, last_id)
  select to_json(array_agg(array[team_id, id, source_id] order by id)), min(id), max(id) from stored having count(*) > 0
), counted as (
  ${rollupUpsert(["accepted_count"], "select team_id, created_at as at, source_id, '' as connection_id, '' as destination_id, 1 as accepted_count from stored")}
)
select count(*)::int as count from stored`;

/** Returns how many were new. */
export async function emit(
  db: Queryable,
  { teamId, sourceId }: { teamId: string; sourceId: string },
  events: readonly SystemEvent[],
): Promise<number> {
  const rows = events.map((event) => systemRequest(teamId, sourceId, event));
  const [first] = rows;
  if (!first) return 0;
  const { rows: answers } = await db.query<{ count: number }>({
    name: "system-events",
    text: EMIT,
    values: [
      teamId,
      sourceId,
      rows.map(({ id }) => id),
      rows.map(({ event_type }) => event_type),
      rows.map(({ body }) => body.toString()),
      rows.map(({ created_at }) => created_at),
      JSON.stringify(first.headers),
    ],
  });
  const count = answers[0]?.count ?? 0;
  // Seldom and few: here a NOTIFY of its own costs nothing that counts.
  if (count > 0) await db.query("select pg_notify($1, '')", [HAND_OFF_CHANNEL]);
  return count;
}

const STORE = `
insert into request (team_id, id, source_id, status, verification, verified, method, path, query, headers, body, content_type, body_bytes,
  event_type, remote_ip, created_at)
values ($1, $2, $3, 'accepted', 'verified', true, 'POST', '/', '', $4::json, $5, 'application/json', $6, $7, '', $8) on conflict do nothing`;

/** Stores an event that is not handed to routing: somebody names the connection that it is for. Returns its id; null: it was there. */
export async function storeUnrouted(
  db: Queryable,
  { teamId, sourceId }: { teamId: string; sourceId: string },
  event: SystemEvent,
): Promise<string | null> {
  const { id, headers, body, body_bytes, event_type, created_at } = systemRequest(teamId, sourceId, event);
  const values = [teamId, id, sourceId, JSON.stringify(headers), body, body_bytes, event_type, created_at];
  const { rowCount } = await db.query({ name: "system-event-unrouted", text: STORE, values });
  return rowCount === 1 ? id : null;
}

const SOURCE = `
select s.id from source s where s.team_id = $1 and s.is_system and s.disabled_at is null
  and exists (select from connection c where c.source_id = s.id and c.disabled_at is null)`;

/** The system source of a team, where somebody listens to it; null: nothing is told, and nothing stored. */
export async function heardSource(db: Queryable, teamId: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>({ name: "system-source", text: SOURCE, values: [teamId] });
  return rows[0]?.id ?? null;
}
