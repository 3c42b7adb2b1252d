import type { Queryable } from "#server/database/db.ts";
import { isDue, isUnfinished } from "#server/events/lifecycle.sql.ts";

const GAUGES = `
select
  (select coalesce(json_object_agg(status, n), '{}') from (
    select status, count(*) as n from event where ${isUnfinished("event")} group by status) as unfinished) as events,
  coalesce(extract(epoch from now() - (
    select min(next_attempt_at) from event where ${isDue("event")} and next_attempt_at <= now())), 0)::float8 as oldest,
  (select count(*) from worker_heartbeat where beat_at > now() - interval '15 seconds')::int as workers,
  (select count(*) from hand_off)::int as hand_offs,
  (select count(*) from deferred_branch)::int as deferred_branches`;

export interface Gauges {
  events: Record<string, number>;
  oldestDueSeconds: number;
  workers: number;
  handOffs: number;
  deferredBranches: number;
}

/** Reads the state of the queues, for a scrape every few seconds. */
export async function readGauges(db: Queryable): Promise<Gauges> {
  const { rows } = await db.query(GAUGES);
  const [row] = rows;
  const none = { QUEUED: 0, SCHEDULED: 0, RETRYING: 0, HOLD: 0 };
  return {
    events: { ...none, ...row.events },
    oldestDueSeconds: row.oldest,
    workers: row.workers,
    handOffs: row.hand_offs,
    deferredBranches: row.deferred_branches,
  };
}
