import type { Log } from "#server/process/log.ts";
import type { Settlement } from "./settle.sql.ts";

/** Writes one wide line per attempt at level debug: what was sent for whom, the outcome, and the decision. */
export function logAttempt(log: Log, settlement: Settlement): void {
  const { attempt } = settlement;
  if (!attempt || !log.isLevelEnabled("debug")) return;
  log.debug(
    {
      team_id: settlement.team_id,
      source_id: settlement.source_id,
      connection_id: settlement.connection_id,
      destination_id: settlement.destination_id,
      event_id: settlement.event_id,
      attempt_id: attempt.id,
      number: attempt.number,
      trigger: attempt.trigger,
      response_status: attempt.response_status,
      error_code: attempt.error_code,
      latency_ms: attempt.latency_ms,
      phases: attempt.phases,
      decision: settlement.status,
      next_attempt_at: settlement.next_attempt_at,
      ended_because: settlement.ended_because,
    },
    "delivery.attempted",
  );
}
