// The tables that make a backup, in an order in which each comes behind those that it refers to.
import { escapeIdentifier, type Queryable } from "#server/database/db.ts";
import type { Sequence, TableStart } from "./format.ts";

/** They say who runs just now, or count what a crash may forget. The last one is written by the migrations themselves. */
const PASSING = ["worker_heartbeat", "worker_process", "gateway_process", "source_rate", "_prisma_migrations"];

const TABLES = `
select c.relname as name, parent.relname as parent,
  (select json_agg(attname order by attnum) from pg_attribute
    where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
  (select coalesce(json_agg(distinct target.relname), '[]') from pg_constraint
    join pg_class target on target.oid = confrelid where conrelid = c.oid and contype = 'f' and confrelid <> c.oid) as needs
from pg_class c left join pg_inherits on inhrelid = c.oid left join pg_class parent on parent.oid = inhparent
where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
order by c.relname`;

export async function listTables(db: Queryable): Promise<TableStart[]> {
  const { rows } = await db.query<TableStart & { needs: string[] }>(TABLES, [PASSING]);
  const ordered: TableStart[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ needs }) => needs.every((name) => !waiting.has(name)));
    if (ready.length === 0) throw new Error(`These tables refer to each other: ${[...waiting.keys()].join(", ")}.`);
    for (const { needs: _, ...table } of ready) {
      ordered.push(table);
      waiting.delete(table.name);
    }
  }
  return ordered;
}

/** Locks them against being dropped or changed; who writes is not in the way. */
export const lockTables = (tables: readonly TableStart[]) =>
  `lock table ${tables.map(({ name }) => `only ${escapeIdentifier(name)}`).join(", ")} in access share mode`;

export async function listSequences(db: Queryable): Promise<Sequence[]> {
  const { rows } = await db.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'S' order by 1",
  );
  const sequences: Sequence[] = [];
  for (const { name } of rows) {
    const read = await db.query(
      `select $1 as name, last_value::text as value, is_called from ${escapeIdentifier(name)}`,
      [name],
    );
    sequences.push(read.rows[0]);
  }
  return sequences;
}

/** Of those that are there: a serial column of somebody's own has one that no migration makes. */
export const SET_SEQUENCE = `
select setval(oid::regclass, $2::bigint, $3) from pg_class
where relnamespace = current_schema()::regnamespace and relkind = 'S' and relname = $1`;

/** A table that is there already, of ours or of the job runner. */
export const ANY_TABLE = `
select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where (n.oid = current_schema()::regnamespace or n.nspname = 'graphile_worker') and c.relkind in ('r', 'p') order by 1 limit 1`;

/** Jobs that are still to run, in words of the runner's that no version of its tables changes. */
export const JOBS = `
select row_to_json(job) from (
  select t.identifier, j.payload, q.queue_name, j.run_at, j.priority, j.max_attempts, j.key, j.flags
  from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
  where j.attempts < j.max_attempts or j.locked_at is not null) as job`;

export const ADD_JOBS = `
select count(graphile_worker.add_job(
  job ->> 'identifier', job -> 'payload', job ->> 'queue_name', (job ->> 'run_at')::timestamptz, (job ->> 'max_attempts')::int,
  job ->> 'key', (job ->> 'priority')::int,
  (select array_agg(flag) from json_object_keys(case json_typeof(job -> 'flags') when 'object' then job -> 'flags' end) as flag)))
from restored_job`;

/** The workers that held something are another database's: lanes, routing and retries go on at once. */
export const END_CLAIMS = `
with hand_offs as (
  update hand_off set claimed_until = now() where claimed_until > now()
), deferred as (
  update deferred_branch set due_at = least(due_at, now()), claimed_by = null where claimed_by is not null
)
update lane set lease_expires_at = now(), in_flight_count = 0 where lease_expires_at > now() or in_flight_count > 0`;
