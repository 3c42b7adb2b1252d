// Deletion by age: whole days by dropping their partitions, the rest row by row.

import type { StoredKind } from "#server/contracts/retention.ts";
import type { Pool } from "#server/database/db.ts";
import { correctBranchCounts } from "#server/events/branch-counts.sql.ts";
import { isDue } from "#server/events/lifecycle.sql.ts";
import { lowestId } from "#server/ids.ts";
import { eraseUnmasked } from "#server/masking/erase-unmasked.sql.ts";
import type { Log } from "#server/process/log.ts";
import { minuteDays } from "./minute-days.ts";
import { DAY_MS, dropExpiredPartitions } from "./partitions.ts";
import { type Owed, oldestOwed, owedSinceMs, STORED_KINDS } from "./team-rows.sql.ts";

const DELETE_BATCH = 5_000;
/** Of a sampled queue, after this time one minute in a quarter of an hour is enough. */
const EVERY_SAMPLE = "interval '2 days'";

/** By the age of the minutes in days, and never one whose hour is not made yet. */
const MINUTES = [
  "delete from rollup_minute where bucket < least($1::timestamptz - $2 * interval '1 day', (select hours_until from rollup_progress))",
  `delete from queue_sample where bucket < $1::timestamptz - $2 * interval '1 day'
   or bucket < $1::timestamptz - ${EVERY_SAMPLE} and extract(minute from bucket)::integer % 15 <> 0`,
];

/** Providers' duplicates are recognised for 48 hours. */
const PURGES = [
  "delete from provider_event where created_at < $1::timestamptz - interval '48 hours'",
  "delete from publish_key where created_at < $1::timestamptz - interval '24 hours'",
  "delete from dedupe_key where expires_at < $1::timestamptz",
  "delete from config_change where created_at < $1::timestamptz - interval '1 day'",
  // What let somebody in, or would have: it is good for nothing any more, and names people.
  "delete from session where expires_at < $1::timestamptz",
  "delete from verification where expires_at < $1::timestamptz",
  "delete from sign_in_try where tried_at[cardinality(tried_at)] < $1::timestamptz - interval '1 hour'",
  "delete from group_rate where expires_at < $1::timestamptz",
  "delete from invitation where coalesce(accepted_at, revoked_at, expires_at) < $1::timestamptz - interval '90 days'",
  "delete from mail_count where day < ($1::timestamptz at time zone 'UTC')::date",
  "delete from issue where resolved_at < $1::timestamptz - interval '400 days'",
  "delete from rollup_hour where bucket < $1::timestamptz - interval '400 days'",
  "delete from rollup_day where bucket < $1::timestamptz - interval '10 years'",
];

/** A finished operation is kept as long as the events that it has sent. */
const PURGE_OPERATIONS = `delete from bulk_operation o using team t
  where t.id = o.team_id and o.finished_at < $1::timestamptz - least(coalesce(t.retention_days, $2::int), $2::int) * interval '1 day'`;

/** The lane of a destination that is gone keeps no order, so nobody looks at its lines any more. */
const PURGE_LINES = "delete from order_line where destination_id not in (select id from destination)";

/** Agents come and go all day. A lane may still have events of its destination to end. */
const PURGE_LANES = `delete from lane l where destination_id not in (select id from destination)
  and coalesce(lease_expires_at, '-infinity') < $1::timestamptz - interval '1 hour'
  and not exists (select from event e where e.destination_id = l.destination_id and ${isDue("e")})`;

/** A file is known as long as its newest event: while one may come due again, it is written as it was. */
const PURGE_FILES = `delete from object_batch o
  where o.created_at < $1::timestamptz - interval '1 day' and not exists (
    select from event e where e.team_id = o.team_id and e.id = o.event_ids[cardinality(o.event_ids)])`;

/** Enough for years of changes by hand; a program that changes settings without end fills no disk. */
const KEPT_VERSIONS = 5_000;
const OLDEST_VERSION = `select team_id, max(number) - ${KEPT_VERSIONS} + 1 as number from team_version
  group by team_id having max(number) > ${KEPT_VERSIONS}`;
/** The last state of each resource from before the oldest version stays: that version is made of them. */
const PURGE_VERSIONS = [
  `delete from team_version_change c using (${OLDEST_VERSION}) o where c.team_id = o.team_id and c.number < o.number
   and (c.state is null or exists (select from team_version_change n where n.team_id = c.team_id
     and n.resource_id = c.resource_id and n.number > c.number and n.number < o.number))`,
  `delete from team_version v using (${OLDEST_VERSION}) o where v.team_id = o.team_id and v.number < o.number`,
];

export async function purgeExpired(
  pool: Pool,
  log: Log,
  { now, retentionDays }: { now: Date; retentionDays: number },
): Promise<void> {
  const dropped = await dropExpiredPartitions(pool, now.getTime(), retentionDays);
  if (dropped.length > 0) log.info({ dropped }, "Partitions past their retention were dropped");
  for (const purge of PURGES) await pool.query(purge, [now]);
  await pool.query(PURGE_OPERATIONS, [now, retentionDays]);
  for (const purge of MINUTES) await pool.query(purge, [now, minuteDays(retentionDays)]);
  await purgeShorterTeams(pool, now, retentionDays);
  await pool.query(PURGE_FILES, [now]);
  await pool.query(PURGE_LINES);
  await pool.query(PURGE_LANES, [now]);
  for (const purge of PURGE_VERSIONS) await pool.query(purge);
  // Failed events went with their day.
  await correctBranchCounts(pool);
}

/**
 * Deletes the rows of teams that keep data for less time than the installation. Events that are still to be delivered stay.
 */
async function purgeShorterTeams(pool: Pool, now: Date, retentionDays: number): Promise<void> {
  const { rows } = await pool.query("select id, retention_days from team where retention_days < $1", [retentionDays]);
  for (const { id, retention_days } of rows) {
    const beforeMs = Math.min(now.getTime() - retention_days * DAY_MS, await oldestOwedMs(pool, id));
    const isErased = await eraseUnmasked(pool, { fromMs: 0, endMs: beforeMs, teamId: id, now });
    // As with a whole day.
    if (!isErased || (await oldestOwedMs(pool, id)) < beforeMs) continue;
    for (const kind of STORED_KINDS) await deleteBefore(pool, kind, id, beforeMs);
  }
}

async function oldestOwedMs(pool: Pool, teamId: string): Promise<number> {
  const { text, values } = oldestOwed(teamId);
  const { rows } = await pool.query<Owed>(text, values);
  return owedSinceMs(rows[0]);
}

async function deleteBefore(pool: Pool, table: StoredKind, teamId: string, beforeMs: number): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `delete from ${table} where team_id = $1 and id = any (array(
         select id from ${table} where team_id = $1 and id < $2 order by id limit ${DELETE_BATCH}))`,
      [teamId, lowestId(table, beforeMs)],
    );
    if ((rowCount ?? 0) < DELETE_BATCH) return;
  }
}
