// A person's own sessions, wherever they are signed in. One that has ended is refused with the next call.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import { recordInTeamsOf } from "#server/auth/person-audit.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import type { RevokedSessions, Session } from "#server/contracts/session.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { transact } from "./transact.ts";

const MAX_SESSIONS = 255;

/** @throws AppError FORBIDDEN to whoever is no person */
function personOf({ actor }: Ctx): { userId: string; sessionId: string | undefined } {
  if (actor.kind !== "user") throw new AppError("FORBIDDEN", "Sessions are a person's: log in at the dashboard.");
  return { userId: actor.id, sessionId: actor.sessionId };
}

/** Those that are open, the one used last first. */
export async function listSessions(ctx: Ctx): Promise<Page<Session>> {
  const { userId, sessionId } = personOf(ctx);
  const rows = await ctx.app.db.session.findMany({
    where: { user_id: userId, expires_at: { gt: ctx.app.now() } },
    orderBy: [{ updated_at: "desc" }, { id: "desc" }],
    take: MAX_SESSIONS,
    select: { id: true, ip_address: true, user_agent: true, updated_at: true, expires_at: true, created_at: true },
  });
  return {
    data: rows.map((row) => ({
      id: row.id,
      is_current: row.id === sessionId,
      ip_address: row.ip_address || null,
      user_agent: row.user_agent || null,
      last_used_at: row.updated_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
      created_at: row.created_at.toISOString(),
    })),
    pagination: { limit: MAX_SESSIONS, order_by: "last_used_at", dir: "desc", next: null, prev: null },
  };
}

export async function revokeSession(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "account.manage");
  const { userId } = personOf(ctx);
  return transact(ctx, async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { id, user_id: userId } });
    if (count === 0) throw notFound("session", id);
    await recordInTeamsOf(tx, ctx.app, userId, { action: "revoke", of: ["session", id] });
    return { id };
  });
}

/** Ends every session of the person but the one that asks. */
export async function revokeOtherSessions(ctx: Ctx): Promise<RevokedSessions> {
  requireCan(ctx, "account.manage");
  const { userId, sessionId = "" } = personOf(ctx);
  return transact(ctx, async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { user_id: userId, id: { not: sessionId } } });
    await recordInTeamsOf(tx, ctx.app, userId, { action: "revoke", before: { other_sessions: count } });
    return { count };
  });
}
