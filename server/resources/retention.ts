// The retention of a team: how long it keeps requests and what became of them.
// docs/decisions/031-retention-says-what-goes.md
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type {
  PlanRetention,
  Retention,
  RetentionPlan,
  RetentionSetting,
  SavedRetention,
  StoredKind,
  StoredRows,
  UpdateRetention,
} from "#server/contracts/retention.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { DAY_MS } from "#server/retention/partitions.ts";
import { nextPurge } from "#server/retention/purge-time.ts";
import {
  failedBefore,
  MAX_FAILED,
  type Owed,
  oldestOwed,
  owedSinceMs,
  type RowsOfAge,
  rowsBefore,
  STORED_KINDS,
} from "#server/retention/team-rows.sql.ts";
import { type KindOfDay, lastDayOf, readDisk, readStoredDays, storedBefore, toStoredDay } from "./stored-days.ts";
import { nextOfTeam } from "./team-row.ts";
import { transact } from "./transact.ts";

function settingOf(ctx: Ctx, ownDays: number | null): RetentionSetting {
  const installationDays = ctx.app.retentionDays;
  return {
    days: Math.min(ownDays ?? installationDays, installationDays),
    own_days: ownDays,
    installation_days: installationDays,
  };
}

const KEPT = { retention_days: true, masked_paths: true } as const;
interface Kept {
  retention_days: number | null;
  masked_paths: string[];
}

const toSaved = (ctx: Ctx, { retention_days, masked_paths }: Kept, updatedAt: Date): SavedRetention => ({
  ...settingOf(ctx, retention_days),
  masked_paths,
  updated_at: updatedAt.toISOString(),
});

async function readSetting(ctx: Ctx): Promise<SavedRetention> {
  const where = { id: ctx.teamId };
  const row = await ctx.app.db.team.findUniqueOrThrow({ where, select: { ...KEPT, updated_at: true } });
  return toSaved(ctx, row, row.updated_at);
}

/** @throws AppError UNPROCESSABLE: partitions of all teams are dropped after the installation's days */
function requireWithinInstallation(ctx: Ctx, days: number): void {
  const most = ctx.app.retentionDays;
  if (days <= most) return;
  throw wrongField("days", `This installation keeps ${most} days: give at most ${most}, or raise RETENTION_DAYS.`);
}

/** The time that holds, and what is kept now, the newest kind last. */
export async function getRetention(ctx: Ctx): Promise<Retention> {
  const nowMs = ctx.app.now().getTime();
  const [setting, { days, oldestAt }, disk] = await Promise.all([readSetting(ctx), readStoredDays(ctx), readDisk(ctx)]);
  return {
    ...setting,
    stored: STORED_KINDS.map((kind) => ({
      ...toStored(kind, storedBefore(days, kind, Number.POSITIVE_INFINITY)),
      ...lastDayOf(days, kind, nowMs),
    })),
    by_day: days.map(toStoredDay),
    disk,
    oldest_at: oldestAt?.toISOString() ?? null,
  };
}

const toStored = (kind: StoredKind, { rows, bytes, isEstimated }: KindOfDay): StoredRows => ({
  kind,
  rows,
  is_rows_estimated: isEstimated,
  bytes,
  is_bytes_estimated: isEstimated,
});

/** What goes is counted, up to a bound; where only some of the counted were measured, the others count as their mean. */
async function readRemoved(ctx: Ctx, beforeMs: number): Promise<StoredRows[]> {
  const counted = await Promise.all(
    STORED_KINDS.map(async (kind) => {
      const [row] = await ctx.app.searches.run<RowsOfAge>(ctx, rowsBefore(ctx.teamId, kind, beforeMs));
      return { kind, row: row ?? { count: 0, sized: 0, sized_bytes: 0 } };
    }),
  );
  const days = counted.some(({ row }) => row.count === null) ? (await readStoredDays(ctx)).days : [];
  return counted.map(({ kind, row: { count, sized, sized_bytes } }) => {
    if (count === null) return toStored(kind, storedBefore(days, kind, beforeMs));
    const bytes = sized === 0 ? 0 : Math.round((sized_bytes / sized) * count);
    return { kind, rows: count, is_rows_estimated: false, bytes, is_bytes_estimated: sized < count };
  });
}

/** Plans a time of retention: the rows that it would remove. Nothing is changed. */
export async function planRetention(ctx: Ctx, { days }: PlanRetention): Promise<RetentionPlan> {
  if (days !== undefined) requireWithinInstallation(ctx, days);
  const setting = settingOf(ctx, days ?? null);
  const now = ctx.app.now();
  const agedMs = now.getTime() - setting.days * DAY_MS;
  const [owed] = await ctx.app.searches.run<Owed>(ctx, oldestOwed(ctx.teamId));
  const owedMs = owedSinceMs(owed);
  const beforeMs = Math.min(agedMs, owedMs);
  const removes = await readRemoved(ctx, beforeMs);
  const [failed] = await ctx.app.searches.run<{ count: number }>(ctx, failedBefore(ctx.teamId, beforeMs));
  const failedCount = failed?.count ?? 0;
  return {
    ...setting,
    removes,
    failed_events: Math.min(failedCount, MAX_FAILED),
    is_failed_at_least: failedCount > MAX_FAILED,
    removed_before: new Date(beforeMs).toISOString(),
    is_held_back: owedMs < agedMs,
    removed_at: nextPurge(now).toISOString(),
  };
}

/** Days hold from the next removal on, masks from the next request on. */
export async function updateRetention(ctx: Ctx, input: UpdateRetention): Promise<SavedRetention> {
  requireCan(ctx, "team.manage");
  if (input.days != null) requireWithinInstallation(ctx, input.days);
  return transact(ctx, async (tx) => {
    const at = await nextOfTeam(tx, ctx, input.if_updated_at);
    const where = { id: ctx.teamId };
    const before: Kept = await tx.team.findUniqueOrThrow({ where, select: KEPT });
    const { days = before.retention_days, masked_paths = before.masked_paths } = input;
    const after: Kept = { retention_days: days, masked_paths };
    await tx.team.update({ where, data: { ...after, updated_at: at }, select: { id: true } });
    await recordAudit(tx, ctx, "update", "team", ctx.teamId, { before, after, at });
    return toSaved(ctx, after, at);
  });
}
