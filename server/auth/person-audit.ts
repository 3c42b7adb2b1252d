// Audit entries of people. What changes how a person gets in, and each time that they did, stands in the log of each of their
// teams, since their rights there depend on it.
import type { Prisma } from "#server/generated/prisma/client.ts";
import type { IdKind } from "#server/ids.ts";
import { type AuditAction, type Change, recordAudit } from "./audit.ts";
import type { Actor, App } from "./ctx.ts";

/** Never with a secret. */
export interface PersonChange extends Change {
  action?: AuditAction;
  /** Kind and id, where it is not the person themselves. */
  of?: [kind: IdKind, id: string];
  /** Where it is not the person themselves. */
  actor?: Actor;
}

/** Records a change of a person in its own transaction. */
export async function recordInTeamsOf(
  tx: Prisma.TransactionClient,
  app: Pick<App, "now">,
  userId: string,
  { action = "update", of = ["user", userId], actor = { kind: "user", id: userId }, ...change }: PersonChange,
): Promise<void> {
  const where = { user_id: userId };
  const teams = await tx.member.findMany({ where, select: { team_id: true }, orderBy: { team_id: "asc" } });
  for (const { team_id } of teams) await recordAudit(tx, { teamId: team_id, actor, app }, action, ...of, change);
}
