// Postgres as it describes itself. Everything here only reads, and waits for nobody for longer than a few seconds.
import type { Queryable } from "#server/database/db.ts";

const PATIENCE_MS = 3_000;

/** Runs one statement that can write nothing. */
export async function askReadOnly<Row extends object>(
  db: Queryable,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  await db.query(`begin read only; set local statement_timeout = ${PATIENCE_MS}`);
  try {
    return (await db.query<Row>(text, values)).rows;
  } finally {
    await db.query("rollback");
  }
}

/** As a session of ours begins with them: what `alter role` and `alter database` say counts too. */
export type Settings = Record<string, string>;

export const SETTINGS = `
select name, case unit when '8kB' then (reset_val::bigint * 8192)::text when 'kB' then (reset_val::bigint * 1024)::text
  when 'MB' then (reset_val::bigint * 1048576)::text when 's' then (reset_val::bigint * 1000)::text
  when 'min' then (reset_val::bigint * 60000)::text else reset_val end as setting
from pg_settings where name = any ($1)`;

export const SETTING_NAMES = [
  ...["server_version_num", "fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names"],
  ...["max_connections", "superuser_reserved_connections", "max_wal_size", "shared_buffers", "autovacuum"],
  ...["track_counts", "wal_level", "idle_session_timeout", "statement_timeout", "transaction_timeout"],
  ...["idle_in_transaction_session_timeout", "TimeZone", "server_encoding", "data_directory", "archive_mode"],
  "default_transaction_read_only",
];

export interface ServerFacts {
  now_ms: number;
  is_standby: boolean;
  /** Sessions of everybody in all databases. */
  sessions: number;
  /** Standbys for which commits wait; null where our user may not see it. */
  synchronous: number | null;
  /** The oldest transaction of somebody else, in seconds. */
  oldest_transaction: number;
  oldest_transaction_of: string | null;
  prepared: number;
  /** WAL that slots keep which nobody reads. */
  slot_bytes: number;
  /** Transactions until Postgres would refuse to write are 2^31 less this. */
  age: number;
  archive_failed: boolean;
  dead_table: string | null;
  dead_rows: number;
  live_rows: number;
}

export const SERVER = `
select
  extract(epoch from clock_timestamp()) * 1000 as now_ms, pg_is_in_recovery() as is_standby,
  (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as sessions,
  (select case when count(*) filter (where state is null) > 0 then null
    else count(*) filter (where sync_state in ('sync', 'quorum', 'potential') and state = 'streaming') end
    from pg_stat_replication)::int as synchronous,
  coalesce(extract(epoch from now() - old.xact_start), 0)::float8 as oldest_transaction,
  old.application_name as oldest_transaction_of,
  (select count(*) from pg_prepared_xacts)::int as prepared,
  (select coalesce(max(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end, restart_lsn)), 0)
    from pg_replication_slots where not active)::float8 as slot_bytes,
  (select max(age(datfrozenxid)) from pg_database)::float8 as age,
  (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) from pg_stat_archiver) as archive_failed,
  dead.relname as dead_table, coalesce(dead.n_dead_tup, 0)::float8 as dead_rows, coalesce(dead.n_live_tup, 0)::float8 as live_rows
from (select) as one
  left join lateral (
    select xact_start, application_name from pg_stat_activity
    where xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'
    order by xact_start limit 1) as old on true
  left join lateral (
    select relname, n_dead_tup, n_live_tup from pg_stat_user_tables
    where n_dead_tup > 100000 and n_dead_tup > n_live_tup order by n_dead_tup desc limit 1) as dead on true`;

/** Processes of ours that live. */
export const PROCESSES = `
select (select count(*) from gateway_process where beat_at > now() - interval '15 seconds')::int as gateways,
  (select count(*) from worker_heartbeat where beat_at > now() - interval '15 seconds')::int as runners`;

/** Buckets that deliveries are written to, in turns of their teams. */
export const BUCKETS = `
select id, team_id, name, config, secrets from destination where type = 'S3' and disabled_at is null
order by row_number() over (partition by team_id order by id), id limit $1`;
