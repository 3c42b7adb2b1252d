// The days of a team, in rows and bytes: exact where a day has few rows, else the counts of the metrics times the mean size of some rows.
// docs/decisions/058-bytes-by-day.md
import type { Ctx } from "#server/auth/ctx.ts";
import type { Disk, StoredDay, StoredKind } from "#server/contracts/retention.ts";
import { DAYS_ON_DISK, type DayOnDisk } from "#server/retention/database-days.sql.ts";
import { forecastDisk, lastDay } from "#server/retention/disk-forecast.ts";
import { DAY_MS } from "#server/retention/partitions.ts";
import {
  type CountedDay,
  countedDays,
  type SampledDay,
  STORED_KINDS,
  sampledDays,
} from "#server/retention/team-rows.sql.ts";

export interface KindOfDay {
  rows: number;
  bytes: number;
  isEstimated: boolean;
}
export interface DayOfTeam {
  dayMs: number;
  kinds: Record<StoredKind, KindOfDay>;
}

const NOTHING: KindOfDay = { rows: 0, bytes: 0, isEstimated: false };
const startOfDay = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;
/** Events that are not finished may keep a day for longer than the installation keeps days. */
const OVERTIME_DAYS = 7;

const toKind = ({ rows, bytes, has_more }: SampledDay, counted = 0): KindOfDay => {
  if (!has_more) return { rows, bytes, isEstimated: false };
  const all = Math.max(rows, counted);
  return { rows: all, bytes: Math.round((bytes / rows) * all), isEstimated: true };
};

/** The days from the oldest that the team has rows of to today, and the time of its oldest request. */
export async function readStoredDays(ctx: Ctx): Promise<{ days: DayOfTeam[]; oldestAt: Date | null }> {
  const today = startOfDay(ctx.app.now().getTime());
  const length = ctx.app.retentionDays + OVERTIME_DAYS + 1;
  const firstMs = today - (length - 1) * DAY_MS;
  // The sender's clock is ours, but a row at midnight may carry the day that begins.
  const span = [firstMs, length + 1] as const;
  const samples = await Promise.all(
    STORED_KINDS.map(async (kind) => ({
      kind,
      days: await ctx.app.searches.run<SampledDay>(ctx, sampledDays(ctx.teamId, kind, ...span)),
    })),
  );
  const hasMore = samples.some(({ days }) => days.some((day) => day.has_more));
  const counted = hasMore ? await ctx.app.searches.run<CountedDay>(ctx, countedDays(ctx.teamId, ...span)) : [];
  const countOf = new Map(counted.map((row) => [row.day, row]));
  const byDay = new Map<number, DayOfTeam["kinds"]>();
  for (const { kind, days } of samples) {
    for (const sample of days) {
      const kinds = byDay.get(sample.day) ?? {
        request: NOTHING,
        event: NOTHING,
        attempt: NOTHING,
        ignored_event: NOTHING,
      };
      byDay.set(sample.day, { ...kinds, [kind]: toKind(sample, countOf.get(sample.day)?.[kind]) });
    }
  }
  const requests = samples.find(({ kind }) => kind === "request")?.days ?? [];
  const oldest = Math.min(...requests.map(({ oldest_at }) => oldest_at?.getTime() ?? Number.POSITIVE_INFINITY));
  return {
    days: [...byDay].sort(([a], [b]) => a - b).map(([day, kinds]) => ({ dayMs: firstMs + day * DAY_MS, kinds })),
    oldestAt: Number.isFinite(oldest) ? new Date(oldest) : null,
  };
}

/** The sum of a number over days, with the part of each day that counts. */
const sum = (days: readonly DayOfTeam[], of: (day: DayOfTeam) => number) => days.reduce((all, day) => all + of(day), 0);

/** One kind on the days up to `beforeMs`; of the day in which that lies, its share. */
export function storedBefore(days: readonly DayOfTeam[], kind: StoredKind, beforeMs: number): KindOfDay {
  const share = ({ dayMs }: DayOfTeam) => Math.min(1, Math.max(0, (beforeMs - dayMs) / DAY_MS));
  return {
    rows: Math.round(sum(days, (day) => day.kinds[kind].rows * share(day))),
    bytes: Math.round(sum(days, (day) => day.kinds[kind].bytes * share(day))),
    isEstimated: days.some((day) => share(day) > 0 && (share(day) < 1 || day.kinds[kind].isEstimated)),
  };
}

export const lastDayOf = (days: readonly DayOfTeam[], kind: StoredKind, nowMs: number) => ({
  last_day_rows: Math.round(lastDay(days, nowMs, (day) => day.kinds[kind].rows)),
  last_day_bytes: Math.round(lastDay(days, nowMs, (day) => day.kinds[kind].bytes)),
});

export function toStoredDay({ dayMs, kinds }: DayOfTeam): StoredDay {
  const all = Object.values(kinds);
  return {
    date: new Date(dayMs).toISOString().slice(0, 10),
    requests: kinds.request.rows,
    rows: all.reduce((rows, kind) => rows + kind.rows, 0),
    bytes: all.reduce((bytes, kind) => bytes + kind.bytes, 0),
  };
}

/** The room on the disk of the database, and when the traffic of all teams fills it; null where the disk is not known, or does not say. */
export async function readDisk(ctx: Ctx): Promise<Disk | null> {
  const { readDatabaseRoom, retentionDays } = ctx.app;
  const room = await readDatabaseRoom?.();
  if (!room) return null;
  const nowMs = ctx.app.now().getTime();
  const days = await ctx.app.searches.run<DayOnDisk>(ctx, DAYS_ON_DISK);
  const forecast = forecastDisk(days, { nowMs, retentionDays, freeBytes: room.freeBytes });
  return {
    total_bytes: room.totalBytes,
    free_bytes: room.freeBytes,
    full_in_days: forecast.fullInDays,
  };
}
