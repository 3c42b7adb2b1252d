import type { Prisma } from "#server/generated/prisma/client.ts";
import { type IdKind, newId } from "#server/ids.ts";
import type { Actor, Ctx } from "./ctx.ts";

export type AuditAction =
  | "create"
  | "update"
  | "delete"
  | "enable"
  | "disable"
  | "pause"
  | "unpause"
  | "rotate_secret"
  | "revoke"
  | "retry"
  | "replay"
  | "cancel";

/** Who changed what, written in the transaction of the change. It names the resource and never what it holds. */
export async function recordAudit(
  tx: Prisma.TransactionClient,
  ctx: { teamId: string; actor: Actor; app: Pick<Ctx["app"], "now"> },
  action: AuditAction,
  kind: IdKind,
  resourceId: string,
): Promise<void> {
  const now = ctx.app.now();
  await tx.auditEntry.create({
    data: {
      team_id: ctx.teamId,
      id: newId("audit_entry", now.getTime()),
      actor_kind: ctx.actor.kind,
      actor_id: ctx.actor.id,
      action,
      resource_kind: kind,
      resource_id: resourceId,
      created_at: now,
    },
    select: { id: true },
  });
}
