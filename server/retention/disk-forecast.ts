// The disk of the database, if the traffic of the last 24 hours goes on.
import { fullInDays } from "#server/contracts/retention-forecast.ts";
import type { DayOnDisk } from "./database-days.sql.ts";
import { DAY_MS, dayName } from "./partitions.ts";

const startOfDay = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;

/** The traffic of 24 hours: today's, and the part of yesterday's that is as long as what is left of today. */
export function lastDay<T extends { dayMs: number }>(
  days: readonly T[],
  nowMs: number,
  of: (day: T) => number,
): number {
  const today = startOfDay(nowMs);
  const left = 1 - (nowMs - today) / DAY_MS;
  return days.reduce(
    (all, day) => all + of(day) * (day.dayMs >= today ? 1 : day.dayMs === today - DAY_MS ? left : 0),
    0,
  );
}

export interface DiskForecast {
  bytesPerDay: number;
  /** Null where retention drops as much as comes before the disk is full. */
  fullInDays: number | null;
}

export function forecastDisk(
  stored: readonly DayOnDisk[],
  { nowMs, retentionDays, freeBytes }: { nowMs: number; retentionDays: number; freeBytes: number },
): DiskForecast {
  const today = dayName(nowMs);
  const dated = stored
    .filter(({ day }) => day <= today)
    .map(({ day, bytes }) => ({
      dayMs: Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`),
      bytes,
    }));
  const kept = {
    bytes: dated.reduce((all, { bytes }) => all + bytes, 0),
    bytesPerDay: lastDay(dated, nowMs, ({ bytes }) => bytes),
    ageDays: dated[0] ? (nowMs - dated[0].dayMs) / DAY_MS : 0,
  };
  return { bytesPerDay: kept.bytesPerDay, fullInDays: fullInDays(kept, retentionDays, freeBytes) };
}
