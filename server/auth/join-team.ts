import type { Prisma } from "#server/generated/prisma/client.ts";
import { recordAudit } from "./audit.ts";

export interface Joining {
  teamId: string;
  userId: string;
  email: string;
  role: string;
}

/** Takes a person into a team and records it, as done by themselves. Whoever is in the team already keeps the role that they have. */
export async function joinTeam(
  tx: Prisma.TransactionClient,
  { teamId, userId, email, role }: Joining,
  now: Date,
): Promise<void> {
  const place = { team_id: teamId, user_id: userId };
  await tx.member.upsert({
    where: { team_id_user_id: place },
    create: { ...place, role, created_at: now },
    update: {},
    select: { role: true },
  });
  const by = { teamId, actor: { kind: "user", id: userId } as const, app: { now: () => now } };
  await recordAudit(tx, by, "create", "user", userId, { after: { email, role } });
}
