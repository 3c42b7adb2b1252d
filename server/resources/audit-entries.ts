// The audit log as the team's admins read it. Nothing here changes an entry.
import { verifyAuditLog } from "#server/auth/audit-chain.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { AuditEntry, AuditVerdict, ListAuditEntries } from "#server/contracts/audit.ts";
import type { Page } from "#server/contracts/page.ts";
import { parseJson } from "#server/json/parse.ts";
import { namesOf } from "./audit-names.ts";
import { pageWindow, toPage } from "./paging.ts";

const FILTERS = ["actor_kind", "actor_id", "action", "resource_kind", "resource_id"] as const;

/** A list of more entries does not say how many they are. */
const MAX_COUNTED = 10_000;

const parsed = (text: string | null) => (text === null ? null : (parseJson(text) as AuditEntry["before"]));

/** The newest first, by actor, action and resource. `count` is of all that match, where these are not too many. */
export async function listAuditEntries(ctx: Ctx, input: ListAuditEntries): Promise<Page<AuditEntry>> {
  requireCan(ctx, "audit.read");
  const window = pageWindow("audit_entry", input, ctx.app.now());
  const asked = FILTERS.flatMap((name) => (input[name] ? [[name, { in: input[name] }] as const] : []));
  const matching = { ...Object.fromEntries(asked), team_id: ctx.teamId };
  const { next: _next, prev: _prev, ...whole } = input;
  const [rows, counted] = await Promise.all([
    ctx.app.db.auditEntry.findMany({
      where: { ...window.where, ...matching },
      orderBy: window.orderBy,
      take: window.take,
    }),
    ctx.app.db.auditEntry.count({
      where: { ...pageWindow("audit_entry", whole, ctx.app.now()).where, ...matching },
      take: MAX_COUNTED + 1,
    }),
  ]);
  const names = await namesOf(
    ctx.app.db,
    ctx.teamId,
    rows.flatMap((row) => [[row.actor_kind, row.actor_id] as const, [row.resource_kind, row.resource_id] as const]),
  );
  const page = toPage(
    rows.map((row) => ({
      ...row,
      actor_name: names.get(row.actor_id) ?? null,
      resource_name: names.get(row.resource_id) ?? null,
      before: parsed(row.before),
      after: parsed(row.after),
      seq: row.seq === null ? null : Number(row.seq),
      created_at: row.created_at.toISOString(),
    })),
    window,
  );
  return counted > MAX_COUNTED ? page : { ...page, count: counted };
}

/** The look back ends here, so that a log of any length costs the same. `admin audit verify` reads all of it. */
const MAX_VERIFIED = 5_000;

/** Whether the newest entries are as they were written. */
export async function verifyAudit(ctx: Ctx): Promise<AuditVerdict> {
  requireCan(ctx, "audit.read");
  const verdict = await verifyAuditLog(ctx.app.db, ctx.teamId, MAX_VERIFIED);
  if (verdict.kind === "broken") {
    const nothing = { checked: 0, is_all: false, last_seq: 0, last_hash: "", unchained: 0 };
    return { ...nothing, is_whole: false, says: verdict.says };
  }
  const { head, checked, unchained } = verdict;
  const lastSeq = Number(head.seq);
  const isAll = checked === lastSeq;
  return { is_whole: true, checked, is_all: isAll, last_seq: lastSeq, last_hash: head.hash, unchained, says: null };
}
