// What no wake-up reached: found by looking. Each look is one index probe per destination or connection.
import type { Queryable } from "../db.ts";

const DUE_WITHOUT_LANE = `
select d.destination_id
from (select id as destination_id from destination union select destination_id from lane) d
left join lane l on l.destination_id = d.destination_id
where (l.lease_expires_at is null or l.lease_expires_at <= now())
  and exists (
    select from event e where e.destination_id = d.destination_id and e.status in ('QUEUED', 'SCHEDULED', 'RETRYING')
      and e.next_attempt_at <= now() - interval '1 second')`;

/** Destinations with an event that is overdue and no lane that could be at it. */
export async function findStrandedDestinations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query({ name: "stranded-destinations", text: DUE_WITHOUT_LANE });
  return rows.map((row) => row.destination_id);
}

// Steps from one connection with held events to the next: an index probe each, however many events are held.
const HELD_WITHOUT_REASON = `
with recursive held (connection_id) as (
  (select connection_id from event where status = 'HOLD' order by connection_id limit 1)
  union all
  select (select e.connection_id from event e where e.status = 'HOLD' and e.connection_id > held.connection_id
    order by e.connection_id limit 1)
  from held where held.connection_id is not null
)
select held.connection_id as id from held
left join connection c on c.id = held.connection_id left join destination d on d.id = c.destination_id
where held.connection_id is not null and (c.id is null or (c.paused_at is null and d.disabled_at is null))`;

/** Connections with held events that may run or are gone: routed by a process that had not heard of the change yet. */
export async function findForgottenHolds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query({ name: "forgotten-holds", text: HELD_WITHOUT_REASON });
  return rows.map((row) => row.id);
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

// A retry goes on waiting as one. A replay keeps its trigger, which is how its attempts are told from the others.
const RELEASE = `
with held as (
  select team_id, id from event where connection_id = $1 and status = 'HOLD' order by id limit $2 for update
)
update event e set
  status = case when e.attempts > e.retries_counted_from and e.trigger in ('AUTOMATIC', 'UNPAUSE') then 'RETRYING'
    when e.next_attempt_at > now() then 'SCHEDULED' else 'QUEUED' end,
  trigger = case when e.trigger in ('INITIAL', 'AUTOMATIC') then 'UNPAUSE' else e.trigger end
from held where e.team_id = held.team_id and e.id = held.id and e.id = any (array(select id from held))
returning e.destination_id`;

/** Puts up to `limit` held events of a connection back in line, oldest first. Returns their destinations, one entry each. */
export async function releaseHeldBatch(db: Queryable, connectionId: string, limit: number): Promise<string[]> {
  const { rows } = await db.query({ name: "release-held", text: RELEASE, values: [connectionId, limit] });
  return rows.map((row) => row.destination_id);
}
