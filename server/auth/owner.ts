// The first owner: made by whoever has the link that the server printed, or by the environment; once.
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";
import type { Db } from "#server/database/prisma.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { recordAudit } from "./audit.ts";
import { DEFAULT_TEAM } from "./bootstrap.ts";
import { hashToken, isToken, newToken } from "./link-token.ts";
import { addPersonWithPassword } from "./person-rows.ts";

const LINK_MS = 24 * 60 * 60 * 1000;

export interface NewOwner {
  email: string;
  passwordHash: string;
  /** The new name of the team; undefined keeps the old one. */
  teamName?: string | undefined;
}

export type OwnerLinkState =
  | { kind: "good"; expiresAt: Date }
  | { kind: "used"; usedAt: Date }
  /** Expired, or never made. */
  | { kind: "none" };

export type OwnerMade =
  | { kind: "made"; userId: string }
  | { kind: "exists" }
  | Exclude<OwnerLinkState, { kind: "good" }>;

const owners = (db: Db | Prisma.TransactionClient) =>
  db.member.count({ where: { team_id: DEFAULT_TEAM, role: "owner" } });

/** A new link's token, while there is no owner. Links that were printed before stay good for their time. */
export async function makeOwnerLink(db: Db, now: Date): Promise<string | null> {
  if ((await owners(db)) > 0) return null;
  const token = newToken();
  const data = { token_hash: hashToken(token), expires_at: new Date(now.getTime() + LINK_MS), created_at: now };
  await db.ownerLink.create({ data, select: { token_hash: true } });
  return token;
}

/** Reads the state of a link. Once there is an owner, unused links are void. */
export async function readOwnerLink(
  db: Db | Prisma.TransactionClient,
  token: string,
  now: Date,
): Promise<OwnerLinkState> {
  if (!isToken(token)) return { kind: "none" };
  const link = await db.ownerLink.findUnique({ where: { token_hash: hashToken(token) } });
  if (!link) return { kind: "none" };
  if (link.used_at) return { kind: "used", usedAt: link.used_at };
  if (link.expires_at <= now || (await owners(db)) > 0) return { kind: "none" };
  return { kind: "good", expiresAt: link.expires_at };
}

/** Makes the owner of the default team, if there is none and the token is good; `token` undefined: by the environment. */
export async function makeOwner(db: Db, owner: NewOwner, token: string | undefined, now: Date): Promise<OwnerMade> {
  return db.$transaction(async (tx) => {
    await tx.$executeRawUnsafe("select pg_advisory_xact_lock($1::bigint)", ADVISORY_LOCKS.owner);
    if (token !== undefined) {
      const link = await readOwnerLink(tx, token, now);
      if (link.kind !== "good") return link;
    }
    if ((await owners(tx)) > 0) return { kind: "exists" };
    const userId = await addPersonWithPassword(tx, owner.email, owner.passwordHash, now, true);
    await tx.member.create({
      data: { team_id: DEFAULT_TEAM, user_id: userId, role: "owner", created_at: now },
      select: { user_id: true },
    });
    const actor = { kind: "user", id: userId } as const;
    const by = { teamId: DEFAULT_TEAM, actor, app: { now: () => now } };
    await recordAudit(tx, by, "create", "user", userId, { after: { email: owner.email, role: "owner" } });
    if (owner.teamName !== undefined) await renameTeam(tx, by, owner.teamName);
    if (token !== undefined)
      await tx.ownerLink.update({
        where: { token_hash: hashToken(token) },
        data: { used_at: now },
        select: { used_at: true },
      });
    return { kind: "made", userId };
  });
}

async function renameTeam(tx: Prisma.TransactionClient, by: Parameters<typeof recordAudit>[1], name: string) {
  const where = { id: DEFAULT_TEAM };
  const before = await tx.team.findUniqueOrThrow({ where, select: { name: true } });
  if (before.name === name) return;
  await tx.team.update({ where, data: { name }, select: { id: true } });
  await recordAudit(tx, by, "update", "team", DEFAULT_TEAM, { before, after: { name } });
}

/** Takes the team back: its owners are no members any more, everybody is signed out, and links of before make nobody. */
export async function removeOwners(db: Db, now: Date): Promise<{ owners: number; sessions: number }> {
  return db.$transaction(async (tx) => {
    await tx.$executeRawUnsafe("select pg_advisory_xact_lock($1::bigint)", ADVISORY_LOCKS.owner);
    const where = { team_id: DEFAULT_TEAM, role: "owner" };
    const removed = await tx.member.findMany({ where, select: { user_id: true }, orderBy: { user_id: "asc" } });
    const by = { teamId: DEFAULT_TEAM, actor: { kind: "system", id: "admin" } as const, app: { now: () => now } };
    for (const { user_id } of removed)
      await recordAudit(tx, by, "delete", "user", user_id, { before: { role: "owner" } });
    await tx.member.deleteMany({ where });
    await tx.ownerLink.deleteMany({ where: { used_at: null } });
    const { count } = await tx.session.deleteMany();
    return { owners: removed.length, sessions: count };
  });
}
