// The answer of a person's server becomes an attempt by the statement that every lane settles with. It may come twice, and
// to another gateway: the attempt has its id since the event was handed out, so the second changes nothing.
import type { CachedConnection } from "#server/config/config-cache.ts";
import type { EventStatus } from "#server/contracts/event.ts";
import type { AnswerTunnel } from "#server/contracts/tunnel.ts";
import type { Pool } from "#server/database/db.ts";
import { settleAttempt } from "#server/delivery/attempt-event.ts";
import { connectionOf } from "#server/delivery/lane-move.ts";
import type { Sending } from "#server/delivery/senders/sender.ts";
import { settleBatch } from "#server/delivery/settle.sql.ts";
import { idTimeMs, isId } from "#server/ids.ts";
import { type AnsweredEvent, readAnswered, readStatus, readTunnel } from "./tunnel.sql.ts";

export type AnswerOutcome =
  | { kind: "settled"; status: EventStatus }
  | { kind: "no_tunnel" }
  | { kind: "no_event" }
  /** The attempt is no one that was handed out of late. */
  | { kind: "wrong_attempt" };

/** A person may think over an answer in a debugger for this long. */
const MAX_AGE_MS = 24 * 3_600_000;
const SKEW_MS = 60_000;

const isRecent = (attemptId: string, nowMs: number) =>
  isId("attempt", attemptId) && idTimeMs(attemptId) > nowMs - MAX_AGE_MS && idTimeMs(attemptId) < nowMs + SKEW_MS;

function toSending(answer: AnswerTunnel): Sending {
  const { response_status: status, response_headers, response_body_base64 } = answer;
  const body = Buffer.from(response_body_base64 ?? "", "base64");
  const seen = status === null ? null : { status, headers: response_headers ?? [], body };
  const measured = { latencyMs: answer.latency_ms, phases: null };
  const outcome: Sending["outcome"] =
    seen && answer.error_code === null
      ? { kind: "response", ...seen, ...measured }
      : { kind: "error", code: answer.error_code ?? "PROTOCOL_ERROR", seen, ...measured };
  return {
    requestedUrl: answer.requested_url,
    method: answer.http_method,
    headers: answer.request_headers,
    outcome,
  };
}

/** A connection that is gone keeps its event from nothing: the answer is there. */
const gone = (event: AnsweredEvent): CachedConnection => ({
  ...{ id: event.connection_id, teamId: event.team_id, name: "", sourceId: event.source_id },
  ...{ destinationId: event.destination_id, rules: [], quietHours: null, isPaused: false, isDisabled: false },
});

export async function settleAnswer(
  pool: Pool,
  answer: AnswerTunnel & { teamId: string },
  now: Date,
): Promise<AnswerOutcome> {
  const { teamId, id, event_id, attempt_id, token } = answer;
  const tunnel = await readTunnel(pool, teamId, id);
  if (!tunnel) return { kind: "no_tunnel" };
  const event = await readAnswered(pool, { teamId, id: event_id, destinationId: id });
  if (!event) return { kind: "no_event" };
  if (!isRecent(attempt_id, now.getTime())) return { kind: "wrong_attempt" };
  const startedAt = new Date(Math.max(idTimeMs(attempt_id), now.getTime() - answer.latency_ms));
  const connection = connectionOf(tunnel, event.connection_id) ?? gone(event);
  const settlement = settleAttempt(
    { event, connection, destination: tunnel, token },
    { dueClock: { nowMs: () => now.getTime(), earliestMs: () => now.getTime() }, random: Math.random },
    startedAt,
    toSending(answer),
  );
  if (settlement.attempt) settlement.attempt.id = attempt_id;
  await settleBatch(pool, [settlement], { isRepeat: true });
  const status = await readStatus(pool, teamId, event_id);
  return status === null ? { kind: "no_event" } : { kind: "settled", status };
}
