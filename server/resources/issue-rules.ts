// The rules of a team for its issues. The watch reads them with each look.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import { IssueKind } from "#server/contracts/issue.ts";
import {
  type IssueRules,
  type TeamIssueRules,
  type UpdateIssueRules,
  wholeRules,
} from "#server/contracts/issue-rules.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { laterThan, requireAsRead } from "./changed-since.ts";
import { asJson, type Tx, transact } from "./transact.ts";

type Db = Pick<Tx, "issueRules">;
const read = (db: Db, ctx: Ctx) =>
  db.issueRules.findFirst({ where: { team_id: ctx.teamId }, select: { rules: true, updated_at: true } });

async function openedOf(ctx: Ctx): Promise<Record<IssueKind, number>> {
  const rows = await ctx.app.db.$queryRaw<{ kind: IssueKind; opened: number }[]>`
    select kind, sum(opened_count)::int as opened from issue
    where team_id = ${ctx.teamId} and last_at > ${ctx.app.now()}::timestamptz - interval '30 days' group by kind`;
  const counts = new Map(rows.map(({ kind, opened }) => [kind, opened]));
  return Object.fromEntries(IssueKind.options.map((kind) => [kind, counts.get(kind) ?? 0])) as Record<
    IssueKind,
    number
  >;
}

export async function getIssueRules(ctx: Ctx): Promise<TeamIssueRules> {
  const row = await read(ctx.app.db, ctx);
  return {
    rules: wholeRules((row?.rules ?? {}) as object),
    opened: await openedOf(ctx),
    updated_at: row?.updated_at.toISOString() ?? null,
  };
}

const mutedIn = (rules: IssueRules) => new Set(Object.values(rules).flatMap(({ muted_ids }) => muted_ids));

/** Those of `ids` that the team has. */
async function existing(tx: Tx, ctx: Ctx, ids: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select id from source where team_id = ${ctx.teamId} and id = any (${ids})
    union all select id from connection where team_id = ${ctx.teamId} and id = any (${ids})
    union all select id from destination where team_id = ${ctx.teamId} and id = any (${ids})
    union all select id from transformation where team_id = ${ctx.teamId} and id = any (${ids})`;
  return new Set(rows.map(({ id }) => id));
}

/** Mutes of what was deleted meanwhile are dropped; one that was never here is a mistake. */
async function withoutGone(tx: Tx, ctx: Ctx, before: IssueRules, rules: IssueRules): Promise<IssueRules> {
  const [known, muted] = [mutedIn(before), mutedIn(rules)];
  const there = await existing(tx, ctx, [...muted]);
  const kinds = Object.entries(rules).map(([kind, rule]) => {
    const wrong = rule.muted_ids.find((id) => !there.has(id) && !known.has(id));
    if (wrong !== undefined)
      throw wrongField(
        `rules.${kind}.muted_ids`,
        `This team has nothing with the id ${wrong}: take one of its issues' subjects.`,
      );
    return [kind, { ...rule, muted_ids: [...new Set(rule.muted_ids)].filter((id) => there.has(id)) }];
  });
  return Object.fromEntries(kinds) as IssueRules;
}

/** Merges by kind. */
export async function updateIssueRules(
  ctx: Ctx,
  { rules: sent, if_updated_at }: UpdateIssueRules,
): Promise<TeamIssueRules> {
  requireCan(ctx, "issues.manage");
  await transact(ctx, async (tx) => {
    // There may be no row to lock yet.
    await tx.$queryRaw`select id from team where id = ${ctx.teamId} for no key update`;
    const row = await read(tx, ctx);
    if (row) await requireAsRead(tx, ctx, { kind: "team", id: ctx.teamId, updatedAt: row.updated_at }, if_updated_at);
    const before = wholeRules((row?.rules ?? {}) as object);
    const merged = Object.entries(before).map(([kind, rule]) => [
      kind,
      { ...rule, ...defined(sent[kind as IssueKind]) },
    ]);
    const after = await withoutGone(tx, ctx, before, Object.fromEntries(merged) as IssueRules);
    const updated_at = row ? laterThan(row.updated_at, ctx.app.now()) : ctx.app.now();
    const data = { rules: asJson(after), updated_at };
    const where = { team_id: ctx.teamId };
    await tx.issueRules.upsert({ where, create: { ...where, ...data }, update: data });
    await recordAudit(tx, ctx, "update", "team", ctx.teamId, {
      before: { issue_rules: before },
      after: { issue_rules: after },
      at: updated_at,
    });
  });
  return getIssueRules(ctx);
}

const defined = (fields: object | undefined) =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined));
