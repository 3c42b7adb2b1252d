// Issues: what somebody should know of. They open and close by themselves; a person can put one off, or end it.
import { type AuditAction, recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type {
  Issue,
  IssueBars,
  IssueCounts,
  IssueEvidence,
  IssueKind,
  IssueMove,
  IssueState,
  IssueSubjectKind,
  ListIssues,
  SnoozeIssue,
} from "#server/contracts/issue.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { withMove } from "#server/issues/step.ts";
import { pageWindow, toPage } from "./paging.ts";
import { asJson, type Tx, transact } from "./transact.ts";

type Row = Prisma.IssueGetPayload<object>;

const toIssue = (row: Row): Issue => ({
  id: row.id,
  team_id: row.team_id,
  kind: row.kind as IssueKind,
  state: row.state as IssueState,
  subject: { kind: row.subject_kind as IssueSubjectKind, id: row.subject_id, name: row.subject_name },
  needs_person: row.needs_person,
  count: Number(row.count),
  opened_count: row.opened_count,
  evidence: row.evidence as IssueEvidence,
  bars: row.bars as IssueBars,
  history: row.history as IssueMove[],
  first_at: row.first_at.toISOString(),
  last_at: row.last_at.toISOString(),
  snoozed_until: row.snoozed_until?.toISOString() ?? null,
  resolved_at: row.resolved_at?.toISOString() ?? null,
  resolved_because: row.resolved_because,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** The newest first. */
export async function listIssues(ctx: Ctx, input: ListIssues): Promise<Page<Issue>> {
  const window = pageWindow("issue", input, ctx.app.now());
  const rows = await ctx.app.db.issue.findMany({
    where: {
      ...window.where,
      team_id: ctx.teamId,
      ...(input.state && { state: { in: input.state } }),
      ...(input.kind && { kind: { in: input.kind } }),
      ...(input.subject_id && { subject_id: { in: input.subject_id } }),
    },
    orderBy: window.orderBy,
    take: window.take,
  });
  return toPage(rows.map(toIssue), window);
}

export async function getIssue(ctx: Ctx, { id }: ById): Promise<Issue> {
  return toIssue(await findIssue(ctx.app.db, ctx, id));
}

async function findIssue(db: Pick<Tx, "issue">, ctx: Ctx, id: string): Promise<Row> {
  const row = await db.issue.findFirst({ where: { team_id: ctx.teamId, id } });
  if (!row) throw notFound("issue", id);
  return row;
}

/** Those that are not resolved. */
export async function countIssues(ctx: Ctx): Promise<IssueCounts> {
  const groups = await ctx.app.db.issue.groupBy({
    by: ["state", "needs_person"],
    where: { team_id: ctx.teamId, state: { not: "resolved" } },
    _count: true,
  });
  const countOf = (holds: (group: (typeof groups)[number]) => boolean) =>
    groups.filter(holds).reduce((sum, { _count }) => sum + _count, 0);
  return {
    open_count: countOf(({ state }) => state === "open"),
    needs_person_count: countOf(({ state, needs_person }) => state === "open" && needs_person),
    snoozed_count: countOf(({ state }) => state === "snoozed"),
  };
}

interface Turn {
  action: AuditAction;
  what: IssueMove["what"];
  because: string | null;
  data: { state: IssueState; snoozed_until: Date | null; resolved_at?: Date; resolved_because?: string };
}

/** Changes the state of an issue that is not resolved, which this transaction locks against the watch. */
async function turn(ctx: Ctx, id: string, { action, what, because, data }: Turn): Promise<Issue> {
  requireCan(ctx, "issues.manage");
  const now = ctx.app.now();
  return transact(ctx, async (tx) => {
    await tx.$queryRaw`select id from issue where team_id = ${ctx.teamId} and id = ${id} for update`;
    const before = await findIssue(tx, ctx, id);
    if (before.state === "resolved") {
      throw new AppError(
        "CONFLICT",
        `The issue ${id} is resolved already: it opens again by itself if it happens again.`,
      );
    }
    const by = { kind: ctx.actor.kind, id: ctx.actor.id };
    const move: IssueMove = { at: now.toISOString(), what, because, by };
    const isResolved = data.state === "resolved";
    const after = await tx.issue.update({
      where: { team_id_id: { team_id: ctx.teamId, id } },
      data: {
        ...data,
        ...(isResolved && { resolved_by: by }),
        history: withMove(before.history as IssueMove[], move).map(asJson),
        updated_at: now,
      },
    });
    const shown = { state: data.state, snoozed_until: data.snoozed_until?.toISOString() ?? null };
    await recordAudit(tx, ctx, action, "issue", id, { before: { state: before.state }, after: shown });
    return toIssue(after);
  });
}

/** It stays away for a time; it is counted on, and resolves by itself meanwhile. */
export async function snoozeIssue(ctx: Ctx, { id, for_ms }: SnoozeIssue): Promise<Issue> {
  requireCan(ctx, "issues.manage");
  const until = new Date(ctx.app.now().getTime() + for_ms);
  return turn(ctx, id, {
    action: "snooze",
    what: "snoozed",
    because: null,
    data: { state: "snoozed", snoozed_until: until },
  });
}

/** Ends a snooze before its time. */
export async function wakeIssue(ctx: Ctx, { id }: ById): Promise<Issue> {
  requireCan(ctx, "issues.manage");
  return turn(ctx, id, {
    action: "wake",
    what: "woken",
    because: null,
    data: { state: "open", snoozed_until: null },
  });
}

/** Ends an issue by hand. What is still so an hour later opens it again. */
export async function resolveIssue(ctx: Ctx, { id }: ById): Promise<Issue> {
  requireCan(ctx, "issues.manage");
  const because = "Resolved by hand.";
  return turn(ctx, id, {
    action: "resolve",
    what: "resolved",
    because,
    data: { state: "resolved", snoozed_until: null, resolved_at: ctx.app.now(), resolved_because: because },
  });
}
