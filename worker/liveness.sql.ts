// Liveness of workers: each writes a heartbeat, and any of them frees the jobs that a silent one has locked.
import type { Queryable } from "#server/database/db.ts";

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

/** Writes the heartbeat of these workers. */
export async function beat(db: Queryable, workerIds: string[]): Promise<void> {
  await db.query({
    name: "worker-beat",
    text: `insert into worker_heartbeat (id, beat_at, started_at, reads_packed) select id, now(), now(), true from unnest($1::text[]) as w(id)
           on conflict (id) do update set beat_at = excluded.beat_at`,
    values: [workerIds],
  });
}

/** Removes workers that have stopped, and frees the jobs whose end they could not write. */
export async function retireWorkers(db: Queryable, workerIds: string[]): Promise<void> {
  await db.query(
    `with gone as (delete from worker_heartbeat where id = any ($1::text[]))
     select graphile_worker.force_unlock_workers($1::text[])`,
    [workerIds],
  );
}
