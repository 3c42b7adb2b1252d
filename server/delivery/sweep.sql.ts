// What no wake-up reached: found by looking. Each look is one index probe per destination or connection.
import type { Queryable } from "#server/database/db.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";

const DUE_WITHOUT_LANE = `
select d.destination_id
from (select id as destination_id from destination union select destination_id from lane) d
left join lane l on l.destination_id = d.destination_id
where (l.lease_expires_at is null or l.lease_expires_at <= now())
  and exists (
    select from event e where e.destination_id = d.destination_id and ${isDue("e")}
      and e.next_attempt_at <= now() - interval '1 second')`;

/** Destinations with an event that is overdue and no lane that could be at it. */
export async function findStrandedDestinations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query({ name: "stranded-destinations", text: DUE_WITHOUT_LANE });
  return rows.map((row) => row.destination_id);
}

const FREE_SILENT = `
with silent as (
  delete from worker_heartbeat where beat_at < now() - $1 * interval '1 millisecond' returning id
)
select array_agg(id order by id) as ids, graphile_worker.force_unlock_workers(array_agg(id order by id)) is null as freed
from silent having count(*) > 0`;

/** Frees the jobs of workers that have been silent for so long; graphile-worker itself would wait four hours. */
export async function freeSilentWorkers(db: Queryable, silentMs: number): Promise<string[]> {
  const { rows } = await db.query({ name: "free-silent-workers", text: FREE_SILENT, values: [silentMs] });
  return rows[0]?.ids ?? [];
}

/** Frees all jobs that these workers hold, also those that they are running now. */
export async function freeWorkers(db: Queryable, workerIds: string[]): Promise<void> {
  await db.query("select graphile_worker.force_unlock_workers($1::text[])", [workerIds]);
}

/** Says that these workers are alive. */
export async function beat(db: Queryable, workerIds: string[]): Promise<void> {
  await db.query({
    name: "worker-beat",
    text: `insert into worker_heartbeat (id, beat_at, started_at) select id, now(), now() from unnest($1::text[]) as w(id)
           on conflict (id) do update set beat_at = excluded.beat_at`,
    values: [workerIds],
  });
}

/** These workers have stopped: frees the jobs whose end they could not write, and expects no more of them. */
export async function retireWorkers(db: Queryable, workerIds: string[]): Promise<void> {
  await db.query(
    `with gone as (delete from worker_heartbeat where id = any ($1::text[]))
     select graphile_worker.force_unlock_workers($1::text[])`,
    [workerIds],
  );
}
