// Rows as a past or a pending load leaves them, made inside the database at some 10,000 a second.
import type { Queryable } from "#server/database/db.ts";
import { BODY_BYTES } from "#test/bench/load/wire.ts";
import type { Wiring } from "./wiring.ts";

/** Rows whose ids share a millisecond. */
const ROWS_PER_STEP = 100;
const CHUNK_ROWS = 50_000;

/** The time part of an id, as server/ids.ts makes it. */
const TIME_PART = `
create or replace function pg_temp.time_part(ms bigint) returns text language sql immutable as $$
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> (5 * i)) & 31)::integer + 1, 1), '' order by i desc)
  from generate_series(0, 9) as i
$$`;

const HEADERS = JSON.stringify([
  ["host", "127.0.0.1:3001"],
  ["user-agent", "switchyard-bench/1"],
  ["accept", "*/*"],
  ["content-type", "application/json"],
  ["content-length", String(BODY_BYTES)],
]);
const SENT_HEADERS = JSON.stringify([
  ["user-agent", "switchyard-bench/1"],
  ["accept", "*/*"],
  ["content-type", "application/json"],
  ["webhook-id", "evt_01KAN4W8Y8000000000000000000"],
  ["webhook-timestamp", "1700000000"],
  ["webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="],
  ["x-switchyard-event-id", "evt_01KAN4W8Y8000000000000000000"],
  ["x-switchyard-request-id", "req_01KAN4W8Y8000000000000000000"],
  ["x-switchyard-source", "src_01KAN4W8Y8000000000000000000"],
  ["x-switchyard-connection-id", "web_01KAN4W8Y8000000000000000000"],
  ["x-switchyard-attempt", "1"],
  ["x-switchyard-trigger", "INITIAL"],
  ["traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
]);
const WHY = JSON.stringify([
  { step: "connection", outcome: "enabled" },
  { step: "queue", outcome: "queued", due: "2026-01-01T00:00:00.000Z" },
]);

const INSERT = `
with step as materialized (
  select n, pg_temp.time_part(at_ms) as time_part, to_timestamp(at_ms / 1000.0) as at
  from (select n, $1::bigint + n * ($2::bigint - $1::bigint) / $3 as at_ms from generate_series(0, $3::integer - 1) as n) as spread
), made as materialized (
  select step.at, time_part || upper(substr(md5(random()::text || j), 1, 16)) as id, branch.connection_id, branch.destination_id,
    rpad('{"customer":"cus_' || lpad(j::text, 2, '0') || '","filler":"', ${BODY_BYTES} - 2, 'x') || '"}' as body
  from step, generate_series(0, ${ROWS_PER_STEP} - 1) as j
  join unnest($6::text[], $7::text[]) with ordinality as branch(connection_id, destination_id, i)
    on branch.i - 1 = j % cardinality($6::text[])
), stored_request as (
  insert into request (team_id, id, source_id, status, verified, method, path, query, headers, body, content_type, body_bytes,
    event_type, remote_ip, created_at)
  select $4, 'req_' || id, $5, 'accepted', false, 'POST', '/', '', '${HEADERS}', convert_to(body, 'UTF8'),
    'application/json', ${BODY_BYTES}, 'payment_intent.succeeded', '127.0.0.1', at
  from made
), stored_event as (
  insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, event_type, attempts, trigger,
    next_attempt_at, last_attempt_at, delivered_at, response_status, why, created_at)
  select $4, 'evt_' || id, 'req_' || id, $5, connection_id, destination_id, $8, 'payment_intent.succeeded',
    is_past::integer, 'INITIAL', case when not is_past then to_timestamp($2 / 1000.0) end, case when is_past then at end,
    case when is_past then at end, case when is_past then 200 end, '${WHY}', at
  from made, (select $8 = 'DELIVERED' as is_past) as fate
)
insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
  request_headers, response_status, response_headers, response_body, latency_ms, created_at)
select $4, 'att_' || id, 'evt_' || id, $5, connection_id, destination_id, 1, 'INITIAL', 'http://127.0.0.1/hook', 'POST',
  '${SENT_HEADERS}', 200, '[["content-type", "text/plain"]]', 'ok', 2.5, at
from made where $8 = 'DELIVERED'`;

async function insertRows(
  db: Queryable,
  { teamId, sourceId, branches }: Wiring,
  { status, count, fromMs, toMs }: { status: "QUEUED" | "DELIVERED"; count: number; fromMs: number; toMs: number },
): Promise<void> {
  const connections = branches.map(({ connectionId }) => connectionId);
  const destinations = branches.map(({ destinationId }) => destinationId);
  const steps = Math.ceil(count / ROWS_PER_STEP);
  await db.query({
    text: INSERT,
    values: [fromMs, toMs, steps, teamId, sourceId, connections, destinations, status],
  });
}

/** Delivered requests of the last three hours; then the tables are as autovacuum leaves them. */
export async function storeDelivered(db: Queryable, wiring: Wiring, count: number, nowMs: number): Promise<void> {
  await db.query(TIME_PART);
  const chunks = Math.ceil(count / CHUNK_ROWS);
  const [startMs, spanMs] = [nowMs - 3 * 3_600_000, (3 * 3_600_000) / chunks];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const fromMs = Math.floor(startMs + chunk * spanMs);
    const toMs = Math.floor(fromMs + spanMs);
    await insertRows(db, wiring, { status: "DELIVERED", count: Math.min(count, CHUNK_ROWS), fromMs, toMs });
  }
  await db.query("vacuum (analyze) request, event, attempt");
  await db.query("checkpoint");
}

/** Requests of the last second that are routed and due at one instant, now. Visible all at once. */
export async function queueDue(db: Queryable, wiring: Wiring, count: number, nowMs: number): Promise<void> {
  await db.query(TIME_PART);
  await insertRows(db, wiring, { status: "QUEUED", count, fromMs: nowMs - 1_000, toMs: nowMs });
}

/** One of so many stored events failed for good, its attempt with it; as a bad hour leaves them, spread over all. */
export async function failOneIn(db: Queryable, share: number): Promise<void> {
  // The same of both tables: their ids differ in the prefix alone.
  const isOne = `abs(hashtext(substr(id, 5))) % ${share} = 0`;
  await db.query(
    `update event set status = 'FAILED', delivered_at = null, response_status = 503, error_code = 'BAD_RESPONSE', ended_because = null where ${isOne}`,
  );
  await db.query(`update attempt set response_status = 503, error_code = 'BAD_RESPONSE' where ${isOne}`);
  await db.query("vacuum (analyze) event, attempt");
  await db.query("checkpoint");
}

/** Deliveries that the minutes' counts know of. */
export async function countDelivered(db: Queryable): Promise<number> {
  const { rows } = await db.query("select coalesce(sum(delivered_count), 0)::integer as delivered from rollup_minute");
  return rows[0].delivered;
}
