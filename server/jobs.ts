// The table of background jobs: each has a name, a payload and a key. Payloads carry ids only; the state is read again from
// our tables.
import { z } from "zod";

interface JobSpec<P extends z.ZodType = z.ZodType> {
  payload: P;
  /** Jobs with the same key are one: a later one replaces one that has not started. */
  key: (payload: z.output<P>) => string | null;
  /** The number of tries by graphile-worker when the task throws, which only a bug or a dead database makes it do. */
  maxAttempts: number;
  /** Those of a lower number come first. */
  priority: number;
}
const job = <P extends z.ZodType>(
  payload: P,
  key: (payload: z.output<P>) => string | null,
  maxAttempts: number,
  priority = 0,
): JobSpec<P> => ({
  payload,
  key,
  maxAttempts,
  priority,
});
/** For work that nobody waits for, in turns that follow one another. */
const LATER = 10;

const laneKey = (payload: { destinationId: string }) => `deliver:${payload.destinationId}`;
const Lane = z.object({ destinationId: z.string() });
const Nothing = z.object({});
const OfTeam = z.object({ teamId: z.string() });

export const jobs = {
  /** Evaluates a request's route again because a person asked for it, for all connections of its source or for some. */
  "reroute-request": job(
    z.object({
      teamId: z.string(),
      requestId: z.string(),
      connectionIds: z.array(z.string()).nullable(),
      isForced: z.boolean().default(false),
    }),
    () => null,
    25,
  ),
  /** Drains a destination. `deliver-slow` is the same lane on a pool of its own, so that hung receivers take no fast slot. */
  deliver: job(Lane, laneKey, 25),
  "deliver-slow": job(Lane, laneKey, 25),
  /**
   * Puts back in line the events that a connection holds for a reason that is over, or ends them when the connection is
   * gone.
   */
  "release-held": job(z.object({ connectionId: z.string() }), (payload) => `release-held:${payload.connectionId}`, 25),
  /** Puts back in line the events of groups of a destination that are not paused any more. */
  "release-groups": job(Lane, (payload) => `release-groups:${payload.destinationId}`, 25),
  /** Ends the events of a deleted connection that wait for their time, at this destination and at those that it led to before. */
  "cancel-waiting": job(
    z.object({ connectionId: z.string(), destinationId: z.string() }),
    (payload) => `cancel-waiting:${payload.connectionId}`,
    25,
  ),
  /** Sends the next webhooks of a team's demo, and comes again until their time is over. */
  "send-demo": job(OfTeam, (payload) => `send-demo:${payload.teamId}`, 25),
  /** Deletes what a removed demo has left, and comes again until nothing is left. */
  "remove-demo": job(OfTeam, (payload) => `remove-demo:${payload.teamId}`, 25),
  /** Erases what came of a request while its payload was being erased. */
  "erase-again": job(
    z.object({ teamId: z.string(), requestId: z.string() }),
    (payload) => `erase-again:${payload.requestId}`,
    25,
  ),
  /** Sends a code to an address that is to be told by e-mail. */
  "send-mail-code": job(z.object({ teamId: z.string(), addressId: z.string() }), (p) => `mail-code:${p.addressId}`, 3),
  /** Has the requests masked of each team that has some to be masked. */
  "mask-at-rest": job(Nothing, () => "mask-at-rest", 3),
  /** Masks requests of a team whose events have all ended, from the one behind `after` on, and comes again where there are more. */
  "mask-team": job(
    z.object({ teamId: z.string(), after: z.string().optional() }),
    (payload) => `mask-team:${payload.teamId}`,
    3,
    LATER,
  ),
  "maintain-partitions": job(Nothing, () => "maintain-partitions", 3),
  "purge-expired": job(Nothing, () => "purge-expired", 3),
  /** Writes the dead letters of events that have failed for good. */
  "forward-dead-letters": job(Nothing, () => "forward-dead-letters", 25),
  "fold-rollups": job(Nothing, () => "fold-rollups", 3),
  /** Looks at every team for what somebody should know of. */
  "watch-issues": job(Nothing, () => "watch-issues", 1),
  /** Ends the listeners that are gone. */
  "end-tunnels": job(Nothing, () => "end-tunnels", 3),
  "sample-queues": job(Nothing, () => "sample-queues", 3),
} satisfies Record<string, JobSpec>;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.output<(typeof jobs)[N]["payload"]>;

/** The statement that adds a job, to be run in the transaction of what the job is about. `runAt` null means now. */
export function addJobStatement<N extends JobName>(name: N, payload: JobPayload<N>, runAt: Date | null = null) {
  const spec: JobSpec = jobs[name];
  return {
    text: `select graphile_worker.add_job($1, payload := $2::json, job_key := $3, run_at := coalesce($4::timestamptz, now()), max_attempts := $5, priority := $6)`,
    values: [name, JSON.stringify(payload), spec.key(payload), runAt, spec.maxAttempts, spec.priority],
  };
}

/** The statement whose row tells that a job with this key waits for its next try. While its last try runs there is none. */
export const waitingJobStatement = (key: string | null) => ({
  text: "select 1 from graphile_worker.jobs where key = $1 and attempts < max_attempts",
  values: [key],
});

/** The channel on which the door announces a hand-off to routing. The payload is empty. */
export const HAND_OFF_CHANNEL = "hand_off";
