// The retention of a team: how long it keeps requests and what became of them.
// docs/decisions/031-retention-says-what-goes.md
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type {
  PlanRetention,
  Retention,
  RetentionPlan,
  RetentionSetting,
  StoredKind,
  StoredRows,
  UpdateRetention,
} from "#server/contracts/retention.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { nextPurge } from "#server/retention/purge-time.ts";
import {
  failedBefore,
  MAX_COUNTED,
  MAX_FAILED,
  oldestOwed,
  type RowsOfAge,
  rowsBetween,
  STORED_KINDS,
} from "#server/retention/team-rows.sql.ts";
import { transact } from "./transact.ts";

const DAY_MS = 86_400_000;

function settingOf(ctx: Ctx, ownDays: number | null): RetentionSetting {
  const installationDays = ctx.app.retentionDays;
  return {
    days: Math.min(ownDays ?? installationDays, installationDays),
    own_days: ownDays,
    installation_days: installationDays,
  };
}

async function readSetting(ctx: Ctx): Promise<RetentionSetting> {
  const where = { id: ctx.teamId };
  const team = await ctx.app.db.team.findUniqueOrThrow({ where, select: { retention_days: true } });
  return settingOf(ctx, team.retention_days);
}

/** @throws AppError UNPROCESSABLE: partitions of all teams are dropped after the installation's days */
function requireWithinInstallation(ctx: Ctx, days: number): void {
  const most = ctx.app.retentionDays;
  if (days <= most) return;
  throw wrongField("days", `This installation keeps ${most} days: give at most ${most}, or raise RETENTION_DAYS.`);
}

type Range = Parameters<typeof rowsBetween>[2];

const readRows = async (ctx: Ctx, kind: StoredKind, range: Range): Promise<RowsOfAge> => {
  const [row] = await ctx.app.searches.run<RowsOfAge>(ctx, rowsBetween(ctx.teamId, kind, range));
  return row ?? { count: 0, is_at_least: false, sized: 0, sized_bytes: 0, oldest_at: null };
};

/** Where only some rows were measured, the others count as their mean. */
const toStored = (kind: StoredKind, { count, is_at_least, sized, sized_bytes }: RowsOfAge): StoredRows => ({
  kind,
  rows: count,
  is_at_least,
  bytes: sized === 0 ? 0 : Math.round((sized_bytes / sized) * count),
  is_estimated: sized < count || is_at_least,
});

/** The time that holds, and what is kept now, the newest kind last. */
export async function getRetention(ctx: Ctx): Promise<Retention> {
  const nowMs = ctx.app.now().getTime();
  const setting = await readSetting(ctx);
  const kinds = await Promise.all(
    STORED_KINDS.map(async (kind) => ({
      kind,
      all: await readRows(ctx, kind, { fromMs: 0, toMs: nowMs + DAY_MS, most: MAX_COUNTED.look }),
      lastDay: await readRows(ctx, kind, { fromMs: nowMs - DAY_MS, toMs: nowMs + DAY_MS, most: MAX_COUNTED.look }),
    })),
  );
  const oldest = kinds.find(({ kind }) => kind === "request")?.all.oldest_at;
  return {
    ...setting,
    stored: kinds.map(({ kind, all, lastDay }) => ({
      ...toStored(kind, all),
      last_day_rows: lastDay.count,
      is_last_day_at_least: lastDay.is_at_least,
    })),
    oldest_at: oldest?.toISOString() ?? null,
  };
}

/** Plans a time of retention: the rows that it would remove. Nothing is changed. */
export async function planRetention(ctx: Ctx, { days }: PlanRetention): Promise<RetentionPlan> {
  if (days !== undefined) requireWithinInstallation(ctx, days);
  const setting = settingOf(ctx, days ?? null);
  const now = ctx.app.now();
  const agedMs = now.getTime() - setting.days * DAY_MS;
  const [owed] = await ctx.app.searches.run<{ oldest: Date | null }>(ctx, oldestOwed(ctx.teamId));
  const owedMs = owed?.oldest?.getTime() ?? Number.POSITIVE_INFINITY;
  const beforeMs = Math.min(agedMs, owedMs);
  const removes = await Promise.all(
    STORED_KINDS.map(async (kind) =>
      toStored(kind, await readRows(ctx, kind, { fromMs: 0, toMs: beforeMs, most: MAX_COUNTED.plan })),
    ),
  );
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

interface Kept {
  retention_days: number | null;
}

/** Holds from the next removal on. */
export async function updateRetention(ctx: Ctx, { days }: UpdateRetention): Promise<RetentionSetting> {
  requireCan(ctx, "team.manage");
  if (days !== null) requireWithinInstallation(ctx, days);
  return transact(ctx, async (tx) => {
    const [before] = await tx.$queryRaw<Kept[]>`
      select retention_days from team where id = ${ctx.teamId} for no key update`;
    await tx.$executeRaw`
      update team set retention_days = ${days}::int, updated_at = ${ctx.app.now()} where id = ${ctx.teamId}`;
    await recordAudit(tx, ctx, "update", "team", ctx.teamId, { before, after: { retention_days: days } });
    return settingOf(ctx, days);
  });
}
