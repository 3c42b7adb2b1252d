// Workers whose process is gone for certain: what they hold is free at once. The lease rule is for all others, whose machine
// may only be out of reach (docs/decisions/104-who-is-gone.md).
import type { Queryable } from "#server/database/db.ts";
import type { ProcessMark } from "#server/process/process-mark.ts";

/** Rows of workers whose machine does not come back are dropped after an hour. */
const INTRODUCE = `
with old as (delete from worker_process where beat_at < now() - interval '1 hour' and id <> $1)
insert into worker_process (id, place, pid, started_at, runner_ids, beat_at) values ($1, $2, $3, $4, $5, now())
on conflict (id) do update set runner_ids = excluded.runner_ids, beat_at = excluded.beat_at`;

/** Says which process a worker is, before it holds anything, and again with each heartbeat. */
export async function introduce(
  db: Queryable,
  { place, pid, startedAt }: ProcessMark,
  { holder, runnerIds }: { holder: string; runnerIds: readonly string[] },
): Promise<void> {
  const values = [holder, place, pid, startedAt, runnerIds];
  await db.query({ name: "introduce-worker", text: INTRODUCE, values });
}

export interface KnownWorker {
  holder: string;
  pid: number;
  startedAt: string;
}

/** The workers that said they are processes of this place. */
export async function findWorkersAt(db: Queryable, place: string): Promise<KnownWorker[]> {
  const { rows } = await db.query({
    name: "workers-at",
    text: "select id, pid, started_at from worker_process where place = $1 order by id",
    values: [place],
  });
  return rows.map(({ id, pid, started_at: startedAt }) => ({ holder: id, pid, startedAt }));
}

// Who deletes the row frees the rest, so of two that look at a time one does. A claim is over, and not undone: the order of
// lines asks which hand-offs were ever claimed.
const FREE = `
with gone as (
  delete from worker_process where id = any ($1::text[]) returning id, runner_ids
), beats as (
  delete from worker_heartbeat where id in (select unnest(runner_ids) from gone)
), hand_offs as (
  update hand_off set claimed_until = now() where claimed_by in (select id from gone) and claimed_until > now()
), deferred as (
  update deferred_branch set due_at = now(), claimed_by = null where claimed_by in (select id from gone) and due_at > now()
), lanes as (
  update lane set lease_expires_at = now(), in_flight_count = 0 where holder in (select id from gone) returning destination_id
), jobs as (
  select graphile_worker.force_unlock_workers(array(select unnest(runner_ids) from gone)) where exists (select from gone)
)
select (select array_agg(id) from gone) as ids, (select array_agg(destination_id) from lanes) as destination_ids,
  (select count(*) from jobs) as unlocked`;

export interface FreedWork {
  /** Who was gone. */
  holders: string[];
  /** The destinations whose leases were theirs. */
  destinationIds: string[];
}

/** Frees the leases, claims and jobs of workers that are gone, or that end and do nothing more, and forgets them. */
export async function freeGoneWorkers(db: Queryable, holders: readonly string[]): Promise<FreedWork> {
  const { rows } = await db.query({ name: "free-gone-workers", text: FREE, values: [holders] });
  return { holders: rows[0]?.ids ?? [], destinationIds: rows[0]?.destination_ids ?? [] };
}
