// The audit log as the team's admins read it. Nothing here changes an entry.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { AuditEntry, ListAuditEntries } from "#server/contracts/audit.ts";
import type { Page } from "#server/contracts/page.ts";
import { parseJson } from "#server/json/parse.ts";
import { pageWindow, toPage } from "./paging.ts";

const FILTERS = ["actor_kind", "actor_id", "action", "resource_kind", "resource_id"] as const;

const parsed = (text: string | null) => (text === null ? null : (parseJson(text) as AuditEntry["before"]));

/** The newest first, by actor, action and resource. */
export async function listAuditEntries(ctx: Ctx, input: ListAuditEntries): Promise<Page<AuditEntry>> {
  requireCan(ctx, "audit.read");
  const window = pageWindow("audit_entry", input, ctx.app.now());
  const asked = FILTERS.flatMap((name) => (input[name] ? [[name, { in: input[name] }] as const] : []));
  const rows = await ctx.app.db.auditEntry.findMany({
    where: { ...window.where, ...Object.fromEntries(asked), team_id: ctx.teamId },
    orderBy: window.orderBy,
    take: window.take,
  });
  return toPage(
    rows.map((row) => ({
      ...row,
      before: parsed(row.before),
      after: parsed(row.after),
      seq: row.seq === null ? null : Number(row.seq),
      created_at: row.created_at.toISOString(),
    })),
    window,
  );
}
