// What is deleted by age: whole days by dropping their partitions, the rest row by row.
import type { Pool } from "#server/database/db.ts";
import { isUnfinished } from "#server/events/lifecycle.sql.ts";
import { type IdKind, lowestId } from "#server/ids.ts";
import type { Log } from "#server/process/log.ts";
import { DAY_MS, dropExpiredPartitions } from "./partitions.ts";

const DELETE_BATCH = 5_000;

/** Providers' duplicates are recognised for 48 hours. */
const PURGES = [
  "delete from provider_event where created_at < $1::timestamptz - interval '48 hours'",
  "delete from dedupe_key where expires_at < $1::timestamptz",
  "delete from config_change where created_at < $1::timestamptz - interval '1 day'",
  "delete from rollup_minute where bucket < $1::timestamptz - interval '400 days'",
];

export async function purgeExpired(
  pool: Pool,
  log: Log,
  { now, retentionDays }: { now: Date; retentionDays: number },
): Promise<void> {
  const dropped = await dropExpiredPartitions(pool, now.getTime(), retentionDays);
  if (dropped.length > 0) log.info({ dropped }, "Partitions past their retention were dropped");
  for (const purge of PURGES) await pool.query(purge, [now]);
  await purgeShorterTeams(pool, now, retentionDays);
}

/** A team that keeps less than the installation does is trimmed by delete; what is still owed to a receiver stays. */
async function purgeShorterTeams(pool: Pool, now: Date, retentionDays: number): Promise<void> {
  const { rows } = await pool.query("select id, retention_days from team where retention_days < $1", [retentionDays]);
  for (const { id, retention_days } of rows) {
    const beforeMs = now.getTime() - retention_days * DAY_MS;
    const owed = await oldestUnfinished(pool, id);
    for (const kind of ["attempt", "ignored_event", "event", "request"] as const) {
      await deleteBefore(pool, kind, id, Math.min(beforeMs, owed));
    }
  }
}

async function oldestUnfinished(pool: Pool, teamId: string): Promise<number> {
  const { rows } = await pool.query(
    `select min(created_at) as oldest from event where team_id = $1 and ${isUnfinished("event")}`,
    [teamId],
  );
  return rows[0]?.oldest?.getTime() ?? Number.POSITIVE_INFINITY;
}

async function deleteBefore(pool: Pool, table: IdKind, teamId: string, beforeMs: number): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from ${table} where team_id = $1 and id = any (array(
         select id from ${table} where team_id = $1 and id < $2 order by id limit ${DELETE_BATCH}))`,
      [teamId, lowestId(table, beforeMs)],
    );
    if ((rowCount ?? 0) < DELETE_BATCH) return;
  }
}
