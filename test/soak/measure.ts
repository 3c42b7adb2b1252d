// What is measured of an installation during a soak: memory of its roles, rows and sizes of its tables. Read as an operator reads them.
import type { Pool } from "pg";
import { residentMiB } from "#test/bench/resident-memory.ts";
import type { Instance } from "#test/chaos/instance.ts";
import type { TableSample } from "./steadiness.ts";

/** Tables in which everything that was sent leaves rows, and their partitions. */
const HISTORY = /^(request|event|attempt|ignored_event|provider_event|dedupe_key|rollup_|queue_sample)/;

/** `pg_stat_all_tables` counts dead rows by estimate, as autovacuum goes by them. */
const TABLES = `
select s.relname as name, pg_total_relation_size(s.relid)::float8 as bytes, s.n_live_tup::float8 as live_rows, s.n_dead_tup::float8 as dead_rows
from pg_stat_user_tables s
where pg_total_relation_size(s.relid) > 0`;

interface Row {
  name: string;
  bytes: number;
  live_rows: number;
  dead_rows: number;
}

export async function measureTables(pool: Pool): Promise<TableSample[]> {
  const { rows } = await pool.query<Row>(TABLES);
  return rows.map(({ name, bytes, live_rows, dead_rows }) => ({
    ...{ name, bytes, liveRows: live_rows, deadRows: dead_rows, isHistory: HISTORY.test(name) },
  }));
}

export async function measureMemory({ slots }: Instance): Promise<Record<string, number>> {
  const all = await Promise.all(
    slots.map(async ({ name, process }) => [name, await residentMiB(process.pid)] as const),
  );
  return Object.fromEntries(all);
}
