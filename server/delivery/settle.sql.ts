// The settle statement: one round trip keeps the attempts, moves the events on and counts both. Only the holder of the
// lane's current token changes state; a stale one still keeps the attempt that it made.
import { type Blob, bytesAt, jsonAt, makeBlob, placeColumns } from "../blob.sql.ts";
import type { Attempt } from "../contracts/attempt.ts";
import type { EventStatus } from "../contracts/event.ts";
import type { Queryable } from "../db.ts";
import { bucketOf } from "../metrics/histogram.ts";
import { rollupUpsert } from "../metrics/rollup.sql.ts";

type AttemptRow = Omit<Attempt, "response_body" | "created_at"> & { response_body: Buffer | null; created_at: Date };

/** What becomes of an event: after an attempt, or without one when it is held or cancelled. */
export interface Settlement {
  team_id: string;
  event_id: string;
  destination_id: string;
  token: string;
  source_id: string;
  connection_id: string;
  status: EventStatus;
  next_attempt_at: Date | null;
  attempt: AttemptRow | null;
}

// The bounds of the ids prune partitions when the plan starts; a list of them would be sorted again for every row. The states are
// those that are left out, because the planner would take the small partial index of the lanes for a look-up by id.
const SETTLE = `
with input as materialized (
  select * from json_to_recordset($1::json) as r(team_id text, event_id text, destination_id text, token bigint, status text,
    next_attempt_at timestamptz, attempt_id text, source_id text, connection_id text, number integer, trigger text,
    requested_url text, http_method text, ${placeColumns("request_headers")}, response_status integer,
    ${placeColumns("response_headers")}, ${placeColumns("response_body")}, error_code text, latency_ms real,
    latency_bucket integer, created_at timestamptz)
), kept as (
  insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
    request_headers, response_status, response_headers, response_body, error_code, latency_ms, created_at)
  select team_id, attempt_id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
    ${jsonAt("$2", "request_headers")}, response_status, ${jsonAt("$2", "response_headers")}, ${bytesAt("$2", "response_body")},
    error_code, latency_ms, created_at
  from input where attempt_id is not null order by attempt_id collate "C"
  on conflict (team_id, id) do nothing
  returning team_id, id, created_at, source_id, connection_id, destination_id
), held as materialized (
  select destination_id, token from lane where destination_id in (select destination_id from input)
), moved as (
  update event e set
    status = i.status,
    next_attempt_at = i.next_attempt_at,
    attempts = greatest(e.attempts, coalesce(i.number, 0)),
    trigger = case when i.status = 'RETRYING' then 'AUTOMATIC' else e.trigger end,
    last_attempt_at = coalesce(i.created_at, e.last_attempt_at),
    delivered_at = case when i.status = 'DELIVERED' then i.created_at + i.latency_ms * interval '1 millisecond' else e.delivered_at end,
    response_status = case when i.attempt_id is null then e.response_status else i.response_status end,
    error_code = case when i.attempt_id is not null then i.error_code when i.status = 'CANCELLED' then 'CANCELLED' else e.error_code end
  from input i join held l on l.destination_id = i.destination_id and l.token = i.token
  where e.team_id = i.team_id and e.id = i.event_id and e.id between $3 and $4
    and e.status not in ('HOLD', 'DELIVERED', 'FAILED', 'CANCELLED')
  returning e.team_id, e.id, e.source_id, e.connection_id, e.destination_id, i.status, i.created_at
)
${rollupUpsert(
  ["attempt_count", "delivered_count", "failed_count", "retrying_count", "hold_count"],
  `select kept.team_id, kept.created_at as at, kept.source_id, kept.connection_id, kept.destination_id, 1 as attempt_count, 0 as delivered_count,
     0 as failed_count, 0 as retrying_count, 0 as hold_count,
     i.latency_bucket
   from kept join input i on i.attempt_id = kept.id
   union all
   select team_id, coalesce(created_at, now()), source_id, connection_id, destination_id, 0, (status = 'DELIVERED')::integer,
     (status = 'FAILED')::integer, (status = 'RETRYING')::integer, (status = 'HOLD')::integer, null
   from moved`,
  { latencies: true },
)}`;

/** Commits the settlements; each event appears at most once. Repeating it with the same attempt ids changes nothing. */
export async function settleBatch(db: Queryable, settlements: Settlement[]): Promise<void> {
  const blob = makeBlob();
  const records = settlements.map((settlement) => toRecord(settlement, blob));
  const eventIds = settlements.map(({ event_id }) => event_id).sort();
  const values = [JSON.stringify(records), blob.toBuffer(), eventIds[0] ?? "", eventIds.at(-1) ?? ""];
  await db.query({ name: "settle", text: SETTLE, values });
}

/** What JSON leaves out is null in SQL. */
function toRecord(settlement: Settlement, blob: Blob) {
  const { attempt } = settlement;
  if (!attempt) return settlement;
  const sent = blob.add(JSON.stringify(attempt.request_headers));
  const received = attempt.response_headers && blob.add(JSON.stringify(attempt.response_headers));
  const body = attempt.response_body && blob.add(attempt.response_body);
  return {
    ...attempt,
    ...settlement,
    attempt_id: attempt.id,
    latency_bucket: bucketOf(attempt.latency_ms),
    request_headers_at: sent.at,
    request_headers_bytes: sent.bytes,
    response_headers_at: received?.at,
    response_headers_bytes: received?.bytes,
    response_body_at: body?.at,
    response_body_bytes: body?.bytes,
    attempt: undefined,
    id: undefined,
    request_headers: undefined,
    response_headers: undefined,
    response_body: undefined,
  };
}
