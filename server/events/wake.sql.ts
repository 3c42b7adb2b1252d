// Wake-ups: lanes are told of new work after the commit that made it.
import { jobs } from "#server/jobs.ts";

/** The channel that tells a running lane of new work at its destination. The payload is the destination's id. */
export const LANE_WAKE_CHANNEL = "lane_wake";

/**
 * Wakes the lanes of these destinations: a notice to a lane that runs, a job for one that does not. Run it after the commit
 * that made the work. A lane looks once more after it releases its lease, so either the lane sees the work or this
 * statement sees no lease; inside the transaction neither might.
 */
export function wakeLanesStatement(destinationIds: Iterable<string>) {
  return {
    text: `select case when lane.lease_expires_at > now() then pg_notify('${LANE_WAKE_CHANNEL}', d.id)::text else (
        select job.id::text from graphile_worker.add_job(
          case when lane.is_slow then 'deliver-slow' else 'deliver' end,
          payload := json_build_object('destinationId', d.id), job_key := 'deliver:' || d.id, max_attempts := ${jobs.deliver.maxAttempts}
        ) as job) end
      from unnest($1::text[]) as d(id) left join lane on lane.destination_id = d.id`,
    values: [[...new Set(destinationIds)].sort()],
  };
}
