// Accepts an invitation: once, in time, and by the person whose address it names.

import type { Role } from "#server/contracts/capability.ts";
import type { Db } from "#server/database/prisma.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { joinTeam } from "./join-team.ts";
import { hashToken, isToken } from "./link-token.ts";
import { addPersonWithPassword } from "./person-rows.ts";

interface OpenInvitation {
  teamId: string;
  teamName: string;
  email: string;
  role: Role;
  /** The address of who invites; null where that is a key, or nobody any more. */
  invitedBy: string | null;
  invitedAt: Date;
  expiresAt: Date;
  /** Whether somebody with this address can log in already. */
  hasAccount: boolean;
}
export type InvitationLink =
  | ({ kind: "open" } & OpenInvitation)
  | { kind: "used"; usedAt: Date }
  /** Expired, revoked, or never made. */
  | { kind: "none" };

/** Who takes it: somebody who is signed in, or a person to be made with this password. */
export type Taker = { kind: "signed-in"; userId: string; email: string } | { kind: "new"; passwordHash: string };

export type Accepted =
  | { kind: "accepted"; userId: string; teamId: string }
  /** `wrong-person`: signed in under another address. `has-account`: the address logs in already, and has to. */
  | { kind: "wrong-person" | "has-account" }
  | Exclude<InvitationLink, { kind: "open" }>;

export async function readInvitation(
  db: Db | Prisma.TransactionClient,
  token: string,
  now: Date,
): Promise<InvitationLink> {
  if (!isToken(token)) return { kind: "none" };
  const row = await db.invitation.findUnique({
    where: { token_hash: hashToken(token) },
    include: { team: { select: { name: true } } },
  });
  if (!row) return { kind: "none" };
  if (row.accepted_at) return { kind: "used", usedAt: row.accepted_at };
  if (row.revoked_at || row.expires_at <= now) return { kind: "none" };
  const people = await db.user.findMany({
    where: { OR: [{ id: row.invited_by }, { email: row.email }] },
    select: { id: true, email: true, accounts: { select: { id: true }, take: 1 } },
  });
  return {
    kind: "open",
    teamId: row.team_id,
    teamName: row.team.name,
    email: row.email,
    role: row.role as Role,
    invitedBy: people.find(({ id }) => id === row.invited_by)?.email ?? null,
    invitedAt: row.created_at,
    expiresAt: row.expires_at,
    hasAccount: people.some(({ email, accounts }) => email === row.email && accounts.length > 0),
  };
}

/** Two who come with one link at once: the row decides, and the second finds it used. */
export async function acceptInvitation(db: Db, token: string, taker: Taker, now: Date): Promise<Accepted> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`select id from invitation where token_hash = ${hashToken(token)} for update`;
    const link = await readInvitation(tx, token, now);
    if (link.kind !== "open") return link;
    if (taker.kind === "signed-in" && taker.email !== link.email) return { kind: "wrong-person" };
    if (taker.kind === "new" && link.hasAccount) return { kind: "has-account" };
    const { teamId, email, role } = link;
    const userId =
      taker.kind === "signed-in"
        ? taker.userId
        : await addPersonWithPassword(tx, email, taker.passwordHash, now, false);
    await tx.invitation.update({
      where: { token_hash: hashToken(token), team_id: teamId },
      data: { accepted_at: now },
      select: { id: true },
    });
    await joinTeam(tx, { teamId, userId, email, role }, now);
    return { kind: "accepted", userId, teamId };
  });
}
