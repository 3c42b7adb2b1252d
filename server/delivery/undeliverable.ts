// Undeliverable events: a fault of ours keeps them from being sent, or the database refuses their result. Each ends visibly
// after a few tries.
import type { Pool } from "#server/database/db.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { newId } from "#server/ids.ts";
import type { DueEvent } from "./due-events.sql.ts";
import type { Settlement } from "./settle.sql.ts";
import type { SettleWriter } from "./settle-writer.ts";

/** The pauses after tries that failed inside. The event fails after one more. */
const PAUSES_MS = [1_000, 5_000];

// Only tries in a row with the same trigger count: a replay starts anew.
const COUNT_TRIES = `
select count(*)::integer as tries from attempt
where team_id = $1 and event_id = $2 and error_code = 'INTERNAL' and trigger = $3 and number > coalesce(
  (select max(number) from attempt where team_id = $1 and event_id = $2
     and (error_code is distinct from 'INTERNAL' or trigger <> $3)), 0)`;

/** The number of tries in a row that have failed inside until now. */
export async function countTriesFailedInside(pool: Pool, event: DueEvent): Promise<number> {
  const { rows } = await pool.query(COUNT_TRIES, [event.team_id, event.id, event.trigger]);
  return rows[0]?.tries ?? 0;
}

export interface FailedInside {
  event: DueEvent;
  request: SendableRequest;
  requestedUrl: string;
  token: string;
  /** Tries that failed inside before this one. */
  triesBefore: number;
  now: Date;
  /** By the time by which events are due. */
  dueNow: Date;
}

/** The settlement of a try that threw, made without any of the parts that may have thrown. */
export function settleFailedInside({
  event,
  request,
  requestedUrl,
  token,
  triesBefore,
  now,
  dueNow,
}: FailedInside): Settlement {
  const pauseMs = PAUSES_MS[triesBefore];
  const ids = {
    team_id: event.team_id,
    event_id: event.id,
    source_id: event.source_id,
    connection_id: event.connection_id,
    destination_id: event.destination_id,
  };
  return {
    ...ids,
    token,
    ...(pauseMs === undefined
      ? { status: "FAILED", next_attempt_at: null, ended_because: "undeliverable" }
      : { status: "RETRYING", next_attempt_at: new Date(dueNow.getTime() + pauseMs) }),
    attempt: {
      ...ids,
      id: newId("attempt", now.getTime()),
      number: event.attempts + 1,
      trigger: event.trigger,
      requested_url: requestedUrl,
      http_method: request.method,
      request_headers: [],
      response_status: null,
      response_headers: null,
      response_body: null,
      error_code: "INTERNAL",
      latency_ms: 0,
      phases: null,
      created_at: now,
    },
  };
}

/**
 * Commits a settlement, or as much of it as the database accepts: without headers and body, and at last without the
 * attempt. An event whose result is never stored would be sent again for ever.
 */
export function settleSurely({ settle }: SettleWriter, settlement: Settlement): Promise<Settlement> {
  const { attempt } = settlement;
  if (!attempt) return settle(settlement);
  const bare = { ...attempt, request_headers: [], response_headers: null, response_body: null };
  return settle(settlement)
    .catch(() => settle({ ...settlement, attempt: bare }))
    .catch(() => settle(withoutAttempt(settlement)));
}

const withoutAttempt = (settlement: Settlement): Settlement => ({
  ...settlement,
  attempt: null,
  ...(settlement.status === "RETRYING" && {
    status: "FAILED",
    next_attempt_at: null,
    ended_because: "undeliverable",
    error_code: "INTERNAL",
  }),
});
