// Settling: one transaction in one round trip stores the attempts, moves the events on and counts both. Only the holder of the
// lane's current token changes state. A holder of an older token still stores the attempt that it made. First tries copy their
// attempts in; a repeat is one statement, which leaves out what is stored.

import { type Blob, bytesAt, jsonAt, makeBlob, placeColumns } from "#server/batch/blob.sql.ts";
import { bucketOf } from "#server/batch/histogram.ts";
import { rollupUpsert } from "#server/batch/rollup.sql.ts";
import { readRecords, splitRecords } from "#server/batch/shared-columns.sql.ts";
import type { ErrorCode } from "#server/contracts/attempt.ts";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { EndReason, HoldReason } from "#server/contracts/event-life.ts";
import type { Queryable } from "#server/database/db.ts";
import { WAIT_FOR_STANDBYS } from "#server/database/wait-for-standbys.sql.ts";
import { countMoves, statusBefore } from "#server/events/branch-counts.sql.ts";
import { maySettle, withMove } from "#server/events/lifecycle.sql.ts";
import { runPipeline } from "#server/pipeline/run-pipeline.ts";
import { type AttemptRow, copyAttempts, packedJson, phaseTimes } from "./attempt-row.sql.ts";

/** The next state of an event: after an attempt, or without one when it is held, cancelled or cannot be sent at all. */
export interface Settlement {
  team_id: string;
  event_id: string;
  destination_id: string;
  token: string;
  source_id: string;
  connection_id: string;
  status: EventStatus;
  next_attempt_at: Date | null;
  hold_reason?: HoldReason;
  ended_because?: EndReason;
  /** The error for which there was no attempt. */
  error_code?: ErrorCode | null;
  attempt: AttemptRow | null;
}

/** What moves and counts need of each result. `created_at` is the attempt's: null where there was none. */
const MOVED = {
  own: { event_id: "text", next_attempt_at: "timestamptz", latency_ms: "real", created_at: "timestamptz" },
  // Columns in which the results of one lane mostly agree. Those that differ most often come first, so a comparison ends
  // early.
  shared: {
    destination_id: "text",
    latency_bucket: "integer",
    connection_id: "text",
    status: "text",
    token: "bigint",
    team_id: "text",
    source_id: "text",
    number: "integer",
    response_status: "integer",
    error_code: "text",
    hold_reason: "text",
    ended_because: "text",
  },
};
/** The same with the attempts themselves, for a repeat. */
const STORED = {
  own: {
    ...MOVED.own,
    attempt_id: "text",
    dns_ms: "real",
    connect_ms: "real",
    tls_ms: "real",
    wait_ms: "real",
    read_ms: "real",
    ...placeColumns("request_headers"),
    ...placeColumns("response_headers"),
    ...placeColumns("response_body"),
  },
  shared: { ...MOVED.shared, trigger: "text", requested_url: "text", http_method: "text" },
};

const COUNT = rollupUpsert(
  ["attempt_count", "delivered_count", "failed_count", "retrying_count", "hold_count", "cancelled_count"],
  `select team_id, at, source_id, connection_id, destination_id, attempts as attempt_count,
     case when status = 'DELIVERED' then moves else 0 end as delivered_count, case when status = 'FAILED' then moves else 0 end as failed_count,
     case when status = 'RETRYING' then moves else 0 end as retrying_count, case when status = 'HOLD' then moves else 0 end as hold_count,
     case when status = 'CANCELLED' then moves else 0 end as cancelled_count, latency_bucket
   from shared join (
     select shared_id, date_trunc('minute', created_at) as at, count(*)::integer as attempts, 0 as moves
     from fresh where created_at is not null group by shared_id, at
     union all
     select shared_id, date_trunc('minute', coalesce(created_at, now())) as at, 0, count(*)::integer from moved group by shared_id, at
   ) as counted using (shared_id)`,
  { latencies: true },
);

const TALLY = countMoves(
  `select team_id, source_id, connection_id, destination_id, status, status_before, n
     from shared join (select shared_id, status_before, count(*)::integer as n from moved group by shared_id, status_before) as left_states
     using (shared_id)`,
);

/**
 * The failure is ours, or the try was a probe and its event is held again: so it costs no retry of the policy and the next one
 * keeps the same trigger.
 */
const IS_FREE = "(coalesce(i.error_code in ('CANCELLED', 'INTERNAL'), false) or i.status = 'HOLD')";

const MOVE = withMove(
  "e",
  `case i.status when 'HOLD' then json_build_object('move', 'hold', 'at', now(), 'reason', i.hold_reason)
    when 'CANCELLED' then json_build_object('move', 'cancel', 'at', now(), 'reason', 'connection_deleted')
    else json_build_object('move', 'fail', 'at', now(), 'reason', i.ended_because) end`,
);

// The bounds of the ids prune partitions when the plan starts; a list of them would be sorted again for every row. The states are
// those that are left out, because the planner would take the small partial index of the lanes for a look-up by id.
const settle = (fresh: string, count: string, { returned, forwarded } = { returned: "", forwarded: "" }) => `
with ${fresh}, held as materialized (
  select shared_id from shared join lane using (destination_id, token)
), moved as (
  update event e set
    status = i.status,
    ${statusBefore("e")},
    next_attempt_at = i.next_attempt_at,
    attempts = greatest(e.attempts, coalesce(i.number, 0)),
    retries_counted_from = e.retries_counted_from + (i.created_at is not null and ${IS_FREE})::integer,
    trigger = case when i.status = 'RETRYING' and not ${IS_FREE} then 'AUTOMATIC' else e.trigger end,
    last_attempt_at = coalesce(i.created_at, e.last_attempt_at),
    delivered_at = case when i.status <> 'DELIVERED' then e.delivered_at
      when i.created_at is null then now() else i.created_at + i.latency_ms * interval '1 millisecond' end,
    hold_reason = i.hold_reason,
    ended_because = i.ended_because,
    moves = case when i.status = 'HOLD' or (i.created_at is null and i.status <> 'DELIVERED') then ${MOVE} else e.moves end,
    response_status = case when i.created_at is null then e.response_status else i.response_status end,
    error_code = case when i.created_at is null then coalesce(i.error_code, e.error_code) else i.error_code end
  from fresh i join held using (shared_id)
  where e.team_id = i.team_id and e.id = i.event_id and e.id between $2 and $3
    and ${maySettle("e")}
  returning i.shared_id, i.created_at, e.status_before${returned}
), tallied as (
  ${TALLY}
)${forwarded}
${count}`;

const KEPT = `kept as (
  insert into attempt (team_id, id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
    request_headers, response_status, response_headers, response_body, error_code, latency_ms, phases, created_at)
  select team_id, attempt_id, event_id, source_id, connection_id, destination_id, number, trigger, requested_url, http_method,
    ${jsonAt("$4", "request_headers")}, response_status, ${jsonAt("$4", "response_headers")}, ${bytesAt("$4", "response_body")},
    error_code, latency_ms, case when wait_ms is not null then array[dns_ms, connect_ms, tls_ms, wait_ms, read_ms] end, created_at
  from fresh where attempt_id is not null
)`;

const COPIED = `${readRecords(4, MOVED)}, fresh as not materialized (select * from input)`;
const SETTLE = { name: "settle", text: settle(COPIED, COUNT) };
// Only batches with an event that has failed pay for it. A letter is not forwarded again, so none goes round in a circle; neither is a debug copy.
const FORWARDING = {
  returned: ", e.id as event_id, e.dead_letter_of",
  forwarded: `, forwarded as (
  insert into dead_letter (team_id, event_id, destination_id)
  select shared.team_id, moved.event_id, d.config ->> 'dead_letter_destination_id'
  from moved join shared using (shared_id) join destination d on d.id = shared.destination_id and d.team_id = shared.team_id
  where shared.status = 'FAILED' and moved.dead_letter_of is null and shared.connection_id <> '${DEBUG_COPIES}' and d.config ->> 'dead_letter_destination_id' is not null
  order by 1, 2 on conflict do nothing
)`,
};
const SETTLE_FORWARDING = { name: "settle-forwarding", text: settle(COPIED, COUNT, FORWARDING) };
/** The first parameter behind those of the records: `shared_id` and their own columns begin at $5. */
const BEHIND_RECORDS = 5 + 1 + Object.keys(STORED.own).length;
// The bounds prune partitions. Without them a plan that was made while a partition was empty reads all of a team there.
const NOT_STORED = `${readRecords(5, STORED)}, fresh as materialized (
  select * from input i where not exists (select from attempt a where a.team_id = i.team_id and a.id = i.attempt_id
      and a.id between $${BEHIND_RECORDS} and $${BEHIND_RECORDS + 1})
), ${KEPT}`;
const settleAgain = (forwarding?: typeof FORWARDING) =>
  settle(NOT_STORED, `, counted as (${COUNT}) select ${WAIT_FOR_STANDBYS}`, forwarding);
const SETTLE_AGAIN = { name: "settle-again", text: settleAgain() };
const SETTLE_FORWARDING_AGAIN = { name: "settle-forwarding-again", text: settleAgain(FORWARDING) };

/**
 * Commits the settlements. Each event appears at most once.
 *
 * @param isRepeat the same settlements were sent before and may be stored. Those change nothing, and the standbys that
 * commits wait for have them. Rejects with SQLSTATE 23505 while the first attempt is committing, and is then to be
 * repeated.
 */
export async function settleBatch(
  db: Queryable,
  settlements: Settlement[],
  { isRepeat }: { isRepeat: boolean },
): Promise<void> {
  const events = boundsOf(settlements.map(({ event_id }) => event_id));
  const forwards = settlements.some(({ status }) => status === "FAILED");
  if (isRepeat) return settleStored(db, settlements, { events, forwards });
  const rows = settlements.map(toRow);
  const { own, shared } = splitRecords(rows, MOVED, toMoved);
  const move = { statement: forwards ? SETTLE_FORWARDING : SETTLE, values: [shared, ...events, ...own] };
  const attempts = settlements.flatMap(({ attempt }) => attempt ?? []);
  await runPipeline(db, attempts.length > 0 ? [copyAttempts(attempts), move] : [move]);
}

async function settleStored(
  db: Queryable,
  settlements: Settlement[],
  { events, forwards }: { events: [string, string]; forwards: boolean },
): Promise<void> {
  const blob = makeBlob();
  const { own, shared } = splitRecords(settlements.map(toRow), STORED, (row) => toStored(row, blob));
  const attempts = boundsOf(settlements.flatMap(({ attempt }) => attempt?.id ?? []));
  const values = [shared, ...events, blob.toBuffer(), ...own, ...attempts];
  await db.query({ ...(forwards ? SETTLE_FORWARDING_AGAIN : SETTLE_AGAIN), values });
}

/** The lowest and the highest of the ids. */
function boundsOf(ids: string[]): [string, string] {
  const sorted = ids.sort();
  return [sorted[0] ?? "", sorted.at(-1) ?? ""];
}

type SettleRow = ReturnType<typeof toRow>;

/** A flat record. The settlement's own columns replace those of its attempt that have the same name. */
function toRow({ attempt, ...settlement }: Settlement) {
  return {
    ...attempt,
    ...settlement,
    attempt_id: attempt?.id,
    latency_bucket: attempt ? bucketOf(attempt.latency_ms) : undefined,
  };
}

const toMoved = ({ event_id, next_attempt_at, latency_ms, created_at }: SettleRow) => ({
  event_id,
  next_attempt_at,
  latency_ms,
  created_at,
});

function toStored(row: SettleRow, blob: Blob) {
  const beside = row.created_at && (row as AttemptRow);
  const sent = beside && blob.add(packedJson(beside.request_headers, beside));
  const received = beside?.response_headers && blob.add(packedJson(beside.response_headers, beside));
  const body = row.response_body && blob.add(row.response_body);
  const [dns_ms, connect_ms, tls_ms, wait_ms, read_ms] = row.phases ? phaseTimes(row.phases) : [];
  return {
    ...toMoved(row),
    attempt_id: row.attempt_id,
    ...{ dns_ms, connect_ms, tls_ms, wait_ms, read_ms },
    request_headers_at: sent?.at,
    request_headers_bytes: sent?.bytes,
    response_headers_at: received?.at,
    response_headers_bytes: received?.bytes,
    response_body_at: body?.at,
    response_body_bytes: body?.bytes,
  };
}
