// Audit entries of accounts. A change of how a person gets in stands in the log of each of their teams, since their rights
// there depend on it.
import { recordAudit } from "#server/auth/audit.ts";
import type { App } from "#server/auth/ctx.ts";

/** @param what became of it; never a secret */
export async function recordOfPerson(app: Pick<App, "db" | "now">, userId: string, what: object): Promise<void> {
  await app.db.$transaction(async (tx) => {
    const teams = await tx.member.findMany({
      where: { user_id: userId },
      select: { team_id: true },
      orderBy: { team_id: "asc" },
    });
    const actor = { kind: "user", id: userId } as const;
    for (const { team_id } of teams)
      await recordAudit(tx, { teamId: team_id, actor, app }, "update", "user", userId, { after: what });
  });
}
