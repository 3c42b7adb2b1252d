// Sizes of the tables that a migration is about to go through, and the session that is in its way.
import { inBytes, inSeconds } from "#server/process/amounts.ts";
import type { Queryable } from "./db.ts";

export interface TableSize {
  table: string;
  /** As Postgres counted when it last looked: rough, and 0 where it never has. */
  rows: number;
  bytes: number;
}

/** The sizes of those of `tables` that exist, with their partitions, the largest first. It takes no lock. */
export async function readSizes(client: Queryable, tables: readonly string[]): Promise<TableSize[]> {
  const { rows } = await client.query<TableSize>(
    `select t.relname as "table", sum(greatest(c.reltuples, 0))::float8 as rows,
       (sum(c.relpages) * current_setting('block_size')::integer)::float8 as bytes
     from pg_class t
       join pg_class c on c.oid = t.oid or c.oid in (select inhrelid from pg_inherits where inhparent = t.oid)
     where t.relnamespace = current_schema()::regnamespace and t.relname = any($1) and c.relkind = 'r'
     group by t.relname order by bytes desc`,
    [tables],
  );
  return rows;
}

/** From here on a migration is announced. */
const LONG_BYTES = 256 * 1024 * 1024;
/** What a small server builds an index at; many rewrite rows slower, many read them faster. */
const BYTES_PER_SECOND = 30e6;

/** What is to be said before a migration that goes through `sizes`, as the rest of a sentence; undefined for a short one. */
export function explainLength(sizes: readonly TableSize[]): string | undefined {
  const long = sizes.filter(({ bytes }) => bytes >= LONG_BYTES);
  if (long.length === 0) return undefined;
  const named = long.map(
    ({ table, rows, bytes }) => `${table} (about ${Math.round(rows).toLocaleString("en-US")} rows, ${inBytes(bytes)})`,
  );
  const seconds = long.reduce((sum, { bytes }) => sum + bytes, 0) / BYTES_PER_SECOND;
  return `goes through all rows of ${named.join(" and ")}: expect some ${inSeconds(seconds)}, in which whoever writes there waits. It may be interrupted: what is not finished is undone, and the next start begins it again.`;
}

export interface Holder {
  table: string;
  pid: number;
  /** Its name, or what kind of process of Postgres it is. */
  who: string;
  /** Since its transaction began; null where it is another role's, of which Postgres tells an ordinary one little. */
  seconds: number | null;
}

/** The session with the oldest transaction that holds a lock on one of `tables` or its partitions. */
export async function findHolder(client: Queryable, tables: readonly string[]): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(
    `select t.relname as "table", a.pid, coalesce(nullif(a.application_name, ''), a.backend_type, 'unnamed') as who,
       extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds
     from pg_locks l
       join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
       left join pg_inherits i on i.inhrelid = l.relation
       join pg_class t on t.oid = coalesce(i.inhparent, l.relation)
     where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
       and t.relnamespace = current_schema()::regnamespace and t.relname = any($1)
     order by a.xact_start limit 1`,
    [tables],
  );
  return rows[0];
}
