// Every background job: its name, its payload and its key. Payloads carry ids only; the truth is re-read from our tables.
import { z } from "zod";

interface JobSpec<P extends z.ZodType = z.ZodType> {
  payload: P;
  /** Jobs with the same key are one: a later one replaces one that has not started. */
  key: (payload: z.output<P>) => string | null;
  /** How often graphile-worker tries again when the task throws, which only a bug or a dead database makes it do. */
  maxAttempts: number;
}
const job = <P extends z.ZodType>(
  payload: P,
  key: (payload: z.output<P>) => string | null,
  maxAttempts: number,
): JobSpec<P> => ({
  payload,
  key,
  maxAttempts,
});

const laneKey = (payload: { destinationId: string }) => `deliver:${payload.destinationId}`;
const Lane = z.object({ destinationId: z.string() });
const Nothing = z.object({});

export const jobs = {
  /** A person asked for the route to be evaluated again, for all connections of its source or for some. */
  "reroute-request": job(
    z.object({ teamId: z.string(), requestId: z.string(), connectionIds: z.array(z.string()).nullable() }),
    () => null,
    25,
  ),
  /** Drains a destination. `deliver-slow` is the same lane on a pool of its own, so that hung receivers take no fast slot. */
  deliver: job(Lane, laneKey, 25),
  "deliver-slow": job(Lane, laneKey, 25),
  /** Puts the held events of a connection that may run again back into its destination's lane. */
  "release-held": job(z.object({ connectionId: z.string() }), (payload) => `release-held:${payload.connectionId}`, 25),
  "maintain-partitions": job(Nothing, () => "maintain-partitions", 3),
  "purge-expired": job(Nothing, () => "purge-expired", 3),
} satisfies Record<string, JobSpec>;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.output<(typeof jobs)[N]["payload"]>;

/** The statement that adds a job, to be run in the transaction of what the job is about. `runAt` null means now. */
export function addJobStatement<N extends JobName>(name: N, payload: JobPayload<N>, runAt: Date | null = null) {
  const spec: JobSpec = jobs[name];
  return {
    text: `select graphile_worker.add_job($1, payload := $2::json, job_key := $3, run_at := coalesce($4::timestamptz, now()), max_attempts := $5)`,
    values: [name, JSON.stringify(payload), spec.key(payload), runAt, spec.maxAttempts],
  };
}

/** The channel on which the door announces a hand-off to routing. The payload is empty. */
export const HAND_OFF_CHANNEL = "hand_off";

/** The channel on which a lane that is running now is told that its destination has new work; the payload is the destination's id. */
export const LANE_WAKE_CHANNEL = "lane_wake";

/**
 * Wakes the lanes of these destinations: a note to the one that is running, a job for the one that is not.
 * Run it after the commit that made the work. A lane looks once more after it lets go of its lease, so either it sees
 * the work or this statement sees no lease; inside the transaction neither might.
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
