// The people of a team. Whoever may change members changes everybody but owners; owners are made and unmade by owners, and the
// last one stays.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Role } from "#server/contracts/capability.ts";
import type { Member, UpdateMember, WayIn } from "#server/contracts/member.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { type Tx, transact } from "./transact.ts";

const MAX_MEMBERS = 1_000;
const SELECT = {
  role: true,
  created_at: true,
  user: {
    select: {
      id: true,
      email: true,
      name: true,
      two_factor_enabled: true,
      accounts: { select: { provider_id: true } },
      passkeys: { select: { id: true }, take: 1 },
      sessions: { select: { updated_at: true }, orderBy: { updated_at: "desc" }, take: 1 },
    },
  },
} as const;

type MemberRow = Prisma.MemberGetPayload<{ select: typeof SELECT }>;

/** Tells whose account is the easiest to take, so it is for those alone who can do something about it. */
function waysIn(ctx: Ctx, { accounts, passkeys, two_factor_enabled }: MemberRow["user"]): WayIn[] | null {
  if (!ctx.can.has("members.manage")) return null;
  const hasPassword = accounts.some(({ provider_id }) => provider_id === "credential");
  const ways: [WayIn, boolean][] = [
    ["passkey", passkeys.length > 0],
    ["provider", accounts.some(({ provider_id }) => provider_id !== "credential")],
    ["password_and_code", hasPassword && two_factor_enabled],
    ["password", hasPassword && !two_factor_enabled],
  ];
  return ways.filter(([, has]) => has).map(([way]) => way);
}

const toMember = (ctx: Ctx, { role, created_at, user }: MemberRow): Member => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: role as Role,
  is_you: ctx.actor.kind === "user" && ctx.actor.id === user.id,
  signs_in_with: waysIn(ctx, user),
  last_seen_at: user.sessions[0]?.updated_at.toISOString() ?? null,
  created_at: created_at.toISOString(),
});

/** Everybody, those longest in the team first, on one page. */
export async function listMembers(ctx: Ctx): Promise<Page<Member>> {
  const rows = await ctx.app.db.member.findMany({
    where: { team_id: ctx.teamId },
    orderBy: [{ created_at: "asc" }, { user_id: "asc" }],
    take: MAX_MEMBERS,
    select: SELECT,
  });
  return {
    data: rows.map((row) => toMember(ctx, row)),
    pagination: { limit: MAX_MEMBERS, order_by: "created_at", dir: "asc", next: null, prev: null },
  };
}

/** @throws AppError NOT_FOUND for whoever is not in the team */
export async function getMember(ctx: Ctx, { id }: ById): Promise<Member> {
  const where = { team_id_user_id: { team_id: ctx.teamId, user_id: id } };
  const row = await ctx.app.db.member.findUnique({ where, select: SELECT });
  if (!row) throw notFound("member", id);
  return toMember(ctx, row);
}

/** One person of the team, with all its owners held: two who unmake each other at once would leave none. */
async function holdMember(tx: Tx, ctx: Ctx, id: string): Promise<{ row: MemberRow; isLastOwner: boolean }> {
  const owners = await tx.$queryRaw<{ user_id: string }[]>`
    select user_id from member where team_id = ${ctx.teamId} and (role = 'owner' or user_id = ${id})
    order by user_id for update`;
  const where = { team_id_user_id: { team_id: ctx.teamId, user_id: id } };
  const row = await tx.member.findUnique({ where, select: SELECT });
  if (!row) throw notFound("member", id);
  const others = owners.filter(({ user_id }) => user_id !== id);
  return { row, isLastOwner: row.role === "owner" && others.length === 0 };
}

const lastOwner = () =>
  new AppError("CONFLICT", "The team would have no owner left: make somebody else an owner first.");

/** What somebody opened for others by a right that they lose is closed. */
async function revokeInvitationsOf(tx: Tx, ctx: Ctx, userId: string): Promise<void> {
  await tx.invitation.updateMany({
    where: { team_id: ctx.teamId, invited_by: userId, accepted_at: null, revoked_at: null },
    data: { revoked_at: ctx.app.now() },
  });
}

/** Counts from the person's next call on, whatever they have open. */
export async function updateMember(ctx: Ctx, { id, role }: UpdateMember): Promise<Member> {
  requireCan(ctx, "members.manage");
  return transact(ctx, async (tx) => {
    const { row, isLastOwner } = await holdMember(tx, ctx, id);
    // Owners are made and unmade by owners.
    if ([row.role, role].includes("owner")) requireCan(ctx, "team.own");
    if (isLastOwner && role !== "owner") throw lastOwner();
    const where = { team_id_user_id: { team_id: ctx.teamId, user_id: id } };
    const after = await tx.member.update({ where, data: { role }, select: SELECT });
    await revokeInvitationsOf(tx, ctx, id);
    await recordAudit(tx, ctx, "update", "user", id, { before: { role: row.role }, after: { role } });
    return toMember(ctx, after);
  });
}

async function endMembership(ctx: Ctx, id: string): Promise<Deleted> {
  return transact(ctx, async (tx) => {
    const { row, isLastOwner } = await holdMember(tx, ctx, id);
    if (row.role === "owner" && id !== ctx.actor.id) requireCan(ctx, "team.own");
    if (isLastOwner) throw lastOwner();
    await tx.member.delete({
      where: { team_id_user_id: { team_id: ctx.teamId, user_id: id } },
      select: { role: true },
    });
    await revokeInvitationsOf(tx, ctx, id);
    await recordAudit(tx, ctx, "delete", "user", id, { before: { email: row.user.email, role: row.role } });
    return { id };
  });
}

/** The person's pages of this team end; API keys that they made stay, as they are the team's. */
export async function removeMember(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "members.manage");
  return endMembership(ctx, id);
}

/** Takes oneself out, whatever the role. */
export async function leaveTeam(ctx: Ctx): Promise<Deleted> {
  requireCan(ctx, "account.manage");
  return endMembership(ctx, ctx.actor.id);
}
