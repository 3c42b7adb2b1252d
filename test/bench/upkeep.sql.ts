// Days of the big tables as upkeep finds them, without waiting for midnight.
import type { Queryable } from "#server/database/db.ts";
import { type IdKind, lowestId } from "#server/ids.ts";
import { BIG_TABLE_NAMES, DAY_MS, dayName, ensurePartitions, listPartitions } from "#server/retention/partitions.ts";
import { storeDelivered } from "./stored-rows.sql.ts";
import type { Wiring } from "./wiring.ts";

const EXPIRED_DAYS = 40;

/** Days past their retention, one of which has so many delivered events. */
export async function storeExpired(db: Queryable, wiring: Wiring, count: number, nowMs: number): Promise<void> {
  const thenMs = nowMs - EXPIRED_DAYS * DAY_MS;
  await ensurePartitions(db, thenMs);
  await storeDelivered(db, wiring, count, thenMs);
}

/** How many days past their retention are left. */
export async function countExpired(db: Queryable, nowMs: number): Promise<number> {
  const partitions = await listPartitions(db);
  return new Set(partitions.map(({ dayMs }) => dayMs).filter((dayMs) => dayMs < nowMs - 35 * DAY_MS)).size;
}

/** Ids from `atMs` on go to partitions that are empty by then, as after midnight. Only while nothing is stored of today. */
export async function endDayAt(db: Queryable, atMs: number): Promise<void> {
  const dayMs = Math.floor(atMs / DAY_MS) * DAY_MS;
  for (const table of BIG_TABLE_NAMES) {
    const kind = table as IdKind;
    const [name, from, to] = [dayName(dayMs), lowestId(kind, dayMs), lowestId(kind, dayMs + DAY_MS)];
    const end = lowestId(kind, atMs);
    await db.query(
      `drop table "${table}_${name}";
       create table "${table}_${name}" partition of "${table}" for values from ('${from}') to ('${end}');
       create table "${table}_late_${name}" partition of "${table}" for values from ('${end}') to ('${to}')`,
    );
  }
}

/** How many requests are in the partition that begins within today. */
export async function countLate(db: Queryable, atMs: number): Promise<number> {
  const { rows } = await db.query(`select count(*)::int as n from "request_late_${dayName(atMs)}"`);
  return rows[0].n;
}

/** The day that is farthest ahead is to be made again. */
export async function forgetLastDay(db: Queryable): Promise<void> {
  const last = (await listPartitions(db)).reduce((most, { dayMs }) => Math.max(most, dayMs), 0);
  for (const table of BIG_TABLE_NAMES) await db.query(`drop table "${table}_${dayName(last)}"`);
}
