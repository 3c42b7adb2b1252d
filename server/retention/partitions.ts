// Partitions of the big tables, by days of id. They are made ahead, because a row without one is refused. There is no
// default partition, because it would block detaching the old ones.

import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Pool, Queryable } from "#server/database/db.ts";
import { isUnfinished } from "#server/events/lifecycle.sql.ts";
import { type IdKind, lowestId } from "#server/ids.ts";
import { eraseUnmasked } from "#server/masking/erase-unmasked.sql.ts";

export const DAY_MS = 86_400_000;
const DAYS_AHEAD = 3;
/** A row of up to a page stays in one piece: at the default of 2 kB Postgres compresses headers and moves small bodies out, row by row. */
const IN_ONE_PIECE = "toast_tuple_target = 8160";
const INSERT_ONLY = `${IN_ONE_PIECE}, autovacuum_vacuum_insert_threshold = 100000`;

/**
 * Each big table, the kind of id it is cut by, and how its rows live: events and nothing else change in place. The state of an
 * event stands in the predicates of its indexes, so its next version takes a place anywhere, and room on its page is of no use.
 */
const BIG_TABLES: { table: string; kind: IdKind; storage: string }[] = [
  { table: "request", kind: "request", storage: INSERT_ONLY },
  {
    table: "event",
    kind: "event",
    storage: `${IN_ONE_PIECE}, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000`,
  },
  { table: "ignored_event", kind: "ignored_event", storage: INSERT_ONLY },
  { table: "attempt", kind: "attempt", storage: INSERT_ONLY },
];

/**
 * An analyze reads 300 rows for each entry of its longest list of values, whichever columns it is for: at Postgres' 100 entries some 200 ms
 * whenever a tenth of a busy day is new. Statuses and kinds are fewer than ten, and what is looked up by id needs no list.
 */
const STATISTICS = 10;

/** Of all columns of a partition, and of what its indexes hold beside them. */
const setStatistics = (name: string) => `
do $set$ begin
  execute (select format('alter table "${name}" %s', string_agg(format('alter column %I set statistics ${STATISTICS}', attname), ', '))
    from pg_attribute where attrelid = '"${name}"'::regclass and attnum > 0 and not attisdropped);
  execute (select coalesce(string_agg(format('alter index %s alter column %s set statistics ${STATISTICS}', a.attrelid::regclass, a.attnum), '; '), 'select')
    from pg_index i join pg_attribute a on a.attrelid = i.indexrelid where i.indrelid = '"${name}"'::regclass and i.indkey[a.attnum - 1] = 0);
end $set$`;

export const BIG_TABLE_NAMES = BIG_TABLES.map(({ table }) => table);

export interface Partition {
  table: string;
  name: string;
  /** Midnight UTC of its day, in milliseconds. */
  dayMs: number;
}

/** As partitions are named after it: `20261126`. */
export const dayName = (dayMs: number) => new Date(dayMs).toISOString().slice(0, 10).replaceAll("-", "");

/** What a partition has of its table. */
const EVERYTHING = ["defaults", "generated", "constraints", "indexes", "storage", "compression"]
  .map((kind) => `including ${kind}`)
  .join(" ");

/** Makes the partitions from yesterday (a flush may commit just after midnight) to `DAYS_AHEAD` days from now. Returns the new ones' names. */
export async function ensurePartitions(db: Queryable, nowMs: number, fromDaysAgo = 1): Promise<string[]> {
  const existing = new Set((await listPartitions(db)).map((partition) => partition.name));
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const made: string[] = [];
  for (const { table } of BIG_TABLES) {
    for (let day = -fromDaysAgo; day <= DAYS_AHEAD; day++) {
      const dayMs = today + day * DAY_MS;
      const name = `${table}_${dayName(dayMs)}`;
      if (existing.has(name)) continue;
      await makePartition(db, { table, name, dayMs });
      made.push(name);
    }
  }
  return made;
}

/**
 * Makes a partition unless it is there, as one transaction or as a part of the caller's. It is made by itself and attached:
 * `create … partition of` locks the whole table against everybody, so it would wait for a long transaction that has read a row,
 * and everybody else would wait behind it.
 */
export async function makePartition(db: Queryable, { table, name, dayMs }: Partition): Promise<void> {
  const big = BIG_TABLES.find((each) => each.table === table);
  if (!big) throw new Error(`${table} has no partitions.`);
  const [from, to] = [lowestId(big.kind, dayMs), lowestId(big.kind, dayMs + DAY_MS)];
  // One string is one transaction: `if not exists` alone does not hold when two processes start at once.
  await db.query(
    `select pg_advisory_xact_lock(${ADVISORY_LOCKS.partitions});
     do $make$ begin
       if to_regclass('"${name}"') is null then
         create table "${name}" (like "${table}" ${EVERYTHING}) with (${big.storage});
         alter table "${table}" attach partition "${name}" for values from ('${from}') to ('${to}');
       end if;
     end $make$;
     ${setStatistics(name)}`,
  );
}

/** The partition of this name; undefined for what is no day of that table. */
export function parsePartition(table: string, name: string): Partition | undefined {
  const dayMs = dayOf(name);
  const isOne = BIG_TABLE_NAMES.includes(table) && Number.isFinite(dayMs) && name === `${table}_${dayName(dayMs)}`;
  return isOne ? { table, name, dayMs } : undefined;
}

/** All partitions there are, oldest first. */
export async function listPartitions(db: Queryable): Promise<Partition[]> {
  const { rows } = await db.query(
    `select parent.relname as "table", child.relname as name
     from pg_inherits join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
     where parent.relname = any ($1) and parent.relkind = 'p' order by child.relname`,
    [BIG_TABLE_NAMES],
  );
  return rows.map(({ table, name }) => ({ table, name, dayMs: dayOf(name) }));
}

const dayOf = (name: string) => {
  const digits = name.slice(-8);
  return Date.parse(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}T00:00:00Z`);
};

/** The number of whole days after today for which every big table has partitions. Under 2 is an alarm. */
export function daysAhead(partitions: Partition[], nowMs: number): number {
  const last = BIG_TABLE_NAMES.map((table) =>
    Math.max(0, ...partitions.filter((partition) => partition.table === table).map(({ dayMs }) => dayMs)),
  );
  return Math.floor((Math.min(...last) - nowMs) / DAY_MS) + 1;
}

/**
 * Drops the partitions of days that ended more than `retentionDays` ago. A day with an event that is not yet terminal stays
 * whole: its requests are still owed. Returns the names that were dropped.
 */
export async function dropExpiredPartitions(pool: Pool, nowMs: number, retentionDays: number): Promise<string[]> {
  const isExpired = ({ dayMs }: Partition) => dayMs + DAY_MS < nowMs - retentionDays * DAY_MS;
  const dropped = await finishDropping(pool, isExpired);
  const expired = (await listPartitions(pool)).filter(isExpired);
  for (const [dayMs, partitions] of Map.groupBy(expired, (partition) => partition.dayMs)) {
    if (await hasUnfinishedEvents(pool, dayMs)) continue;
    const isErased = await eraseUnmasked(pool, { fromMs: dayMs, endMs: dayMs + DAY_MS, now: new Date(nowMs) });
    // A retry may have come in between. Then the day waits for the next night.
    if (!isErased || (await hasUnfinishedEvents(pool, dayMs))) continue;
    for (const { table, name } of partitions) {
      await pool.query(`comment on table "${name}" is '${DROPPING}'`);
      await pool.query(`alter table "${table}" detach partition "${name}" concurrently`);
      await pool.query(`drop table "${name}"`);
      dropped.push(name);
    }
  }
  return dropped;
}

/** Marks a partition before it is detached: one that has only the name of a day may have been taken out to be kept. */
const DROPPING = "past its retention, being dropped";

const HALF_DETACHED = `
select parent.relname as "table", child.relname as name
from pg_inherits join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
where parent.relname = any ($1) and inhdetachpending order by child.relname`;

const DETACHED = `
select parent.relname as "table", child.relname as name from pg_class parent join pg_class child on child.relnamespace = parent.relnamespace
  and child.relkind = 'r' and not child.relispartition and child.relname ~ ('^' || parent.relname || '_[0-9]{8}$')
where parent.relname = any ($1) and parent.relkind = 'p' and obj_description(child.oid, 'pg_class') = '${DROPPING}'
order by child.relname`;

/**
 * Drops what a process was at that ended meanwhile. A backup makes it wait for hours, and Postgres begins no detaching twice,
 * nor another one of the same table. One that somebody else began for a younger day is only ended.
 */
async function finishDropping(pool: Pool, isExpired: (partition: Partition) => boolean): Promise<string[]> {
  const { rows: half } = await pool.query(HALF_DETACHED, [BIG_TABLE_NAMES]);
  const dropped: string[] = [];
  for (const { table, name } of half) {
    const isOver = isExpired({ table, name, dayMs: dayOf(name) });
    // As one transaction, so that no table is left that belongs to no other.
    const drop = isOver ? `; drop table "${name}"` : `; comment on table "${name}" is null`;
    await pool.query(`alter table "${table}" detach partition "${name}" finalize${drop}`);
    if (isOver) dropped.push(name);
  }
  const { rows: whole } = await pool.query(DETACHED, [BIG_TABLE_NAMES]);
  for (const { table, name } of whole) {
    // Marked before the retention was raised, and taken out since.
    if (!isExpired({ table, name, dayMs: dayOf(name) })) continue;
    await pool.query(`drop table "${name}"`);
    dropped.push(name);
  }
  return dropped;
}

async function hasUnfinishedEvents(db: Queryable, dayMs: number): Promise<boolean> {
  const { rows } = await db.query(
    `select exists (select from event where id >= $1 and id < $2 and ${isUnfinished("event")}) as found`,
    [lowestId("event", dayMs), lowestId("event", dayMs + DAY_MS)],
  );
  return rows[0].found;
}
