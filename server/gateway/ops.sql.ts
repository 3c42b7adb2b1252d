import type { Queryable } from "#server/database/db.ts";
import { BRANCH_COUNT_ROWS } from "#server/events/branch-counts.sql.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";

const GAUGES = `
select
  (select json_build_object('QUEUED', sum(queued_count), 'SCHEDULED', sum(scheduled_count), 'RETRYING', sum(retrying_count),
      'HOLD', sum(hold_count), 'FAILED', sum(failed_count)) from (${BRANCH_COUNT_ROWS}) as counts) as events,
  coalesce(extract(epoch from now() - (
    select min(next_attempt_at) from event where ${isDue("event")} and next_attempt_at <= now())), 0)::float8 as oldest,
  (select count(*) from worker_heartbeat where beat_at > now() - interval '15 seconds')::int as workers,
  (select json_build_object('open', count(*) filter (where breaker ->> 'state' = 'open'),
      'half_open', count(*) filter (where breaker ->> 'state' = 'half_open'), 'ramping', count(*) filter (where breaker ->> 'state' = 'ramping'))
    from lane join destination d on d.id = lane.destination_id where breaker is not null) as breakers,
  (select count(*) from dead_letter)::int as dead_letters,
  (select count(*) from hand_off)::int as hand_offs,
  (select count(*) from deferred_branch)::int as deferred_branches`;

export interface Gauges {
  events: Record<string, number>;
  oldestDueSeconds: number;
  /** Destinations whose breaker is not closed, by its state. */
  breakers: Record<string, number>;
  /** Failed events that are still to be forwarded. */
  deadLetters: number;
  workers: number;
  handOffs: number;
  deferredBranches: number;
}

/** Reads the state of the queues, for a scrape every few seconds. */
export async function readGauges(db: Queryable): Promise<Gauges> {
  const { rows } = await db.query(GAUGES);
  const [row] = rows;
  return {
    events: Object.fromEntries(Object.entries(row.events).map(([status, count]) => [status, Number(count ?? 0)])),
    oldestDueSeconds: row.oldest,
    breakers: row.breakers,
    deadLetters: row.dead_letters,
    workers: row.workers,
    handOffs: row.hand_offs,
    deferredBranches: row.deferred_branches,
  };
}
