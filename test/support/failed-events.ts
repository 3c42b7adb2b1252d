// Many events whose retries are spent, as rows: made through the door they would take minutes.
import type { Queryable } from "#server/database/db.ts";
import { derivedId, newId } from "#server/ids.ts";

interface Branch {
  id: string;
  source_id: string;
  destination_id: string;
}

/** The newest of them came a second ago. Returns the ids of the events in order. */
export async function insertFailedEvents(
  db: Queryable,
  { id, source_id, destination_id }: Branch,
  count: number,
  team = "tm_default",
): Promise<string[]> {
  const nowMs = Date.now();
  const requests = Array.from({ length: count }, (_, n) => newId("request", nowMs - 1_000 - count + n));
  await db.query(
    `insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, body_bytes, remote_ip, created_at)
     select $1, id, $2, 'accepted', true, 'POST', '/', '', '[["content-type","application/json"]]', '\\x7b7d', 2, '127.0.0.1', now() from unnest($3::text[]) as id`,
    [team, source_id, requests],
  );
  const events = requests.map((request) => derivedId("event", request, id));
  await db.query(
    `insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, trigger, ended_because, attempts, why, created_at)
     select $1, event_id, request_id, $2, $4, $5, 'FAILED', 'AUTOMATIC', 'exhausted', 5, '[]', now() from unnest($3::text[], $6::text[]) as one(request_id, event_id)`,
    [team, source_id, requests, id, destination_id, events],
  );
  return events;
}
