// Invitations: a link for one address, one role and some days. The link itself is shown once and kept as a hash.
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import { hashToken, newToken } from "#server/auth/link-token.ts";
import type { Role } from "#server/contracts/capability.ts";
import type {
  CreatedInvitation,
  CreateInvitation,
  Invitation,
  InvitationState,
  ListInvitations,
} from "#server/contracts/invitation.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";
import { newId } from "#server/ids.ts";
import { pageWindow, toPage } from "./paging.ts";
import { transact } from "./transact.ts";

const DAY_MS = 86_400_000;

type InvitationRow = Omit<Prisma.InvitationGetPayload<object>, "token_hash" | "team_id">;
const SELECT = {
  id: true,
  email: true,
  role: true,
  invited_by: true,
  expires_at: true,
  accepted_at: true,
  revoked_at: true,
  created_at: true,
} as const;

function stateOf({ accepted_at, revoked_at, expires_at }: InvitationRow, now: Date): InvitationState {
  if (accepted_at) return "accepted";
  if (revoked_at) return "revoked";
  return expires_at <= now ? "expired" : "open";
}

const toInvitation = (row: InvitationRow, now: Date): Invitation => ({
  id: row.id,
  email: row.email,
  role: row.role as Role,
  state: stateOf(row, now),
  invited_by: row.invited_by,
  expires_at: row.expires_at.toISOString(),
  created_at: row.created_at.toISOString(),
});

/** The newest first, also those that are over. */
export async function listInvitations(ctx: Ctx, input: ListInvitations): Promise<Page<Invitation>> {
  const now = ctx.app.now();
  const window = pageWindow("invitation", input, now);
  const rows = await ctx.app.db.invitation.findMany({
    where: { ...window.where, team_id: ctx.teamId },
    orderBy: window.orderBy,
    take: window.take,
    select: SELECT,
  });
  return toPage(
    rows.map((row) => toInvitation(row, now)),
    window,
  );
}

/** Takes the place of an open invitation of the same address. @throws AppError CONFLICT for somebody who is in the team */
export async function createInvitation(
  ctx: Ctx,
  { email, role, valid_days }: CreateInvitation,
): Promise<CreatedInvitation> {
  requireCan(ctx, "members.manage");
  if (role === "owner") requireCan(ctx, "team.own");
  const now = ctx.app.now();
  const token = newToken();
  return transact(ctx, async (tx) => {
    const there = await tx.member.count({ where: { team_id: ctx.teamId, user: { email } } });
    if (there > 0) {
      const message = "This person is in the team already: change their role instead.";
      throw new AppError("CONFLICT", `email: ${message}`, [{ path: "email", message }]);
    }
    await tx.invitation.updateMany({
      where: { team_id: ctx.teamId, email, accepted_at: null, revoked_at: null },
      data: { revoked_at: now },
    });
    const data = {
      team_id: ctx.teamId,
      id: newId("invitation", now.getTime()),
      email,
      role,
      token_hash: hashToken(token),
      invited_by: ctx.actor.id,
      expires_at: new Date(now.getTime() + valid_days * DAY_MS),
      created_at: now,
    };
    const made = toInvitation(await tx.invitation.create({ data, select: SELECT }), now);
    await recordAudit(tx, ctx, "create", "invitation", made.id, { after: made });
    return { ...made, path: `/invite/${token}` };
  });
}

/** One that is over stays as it is, and is not found. */
export async function revokeInvitation(ctx: Ctx, { id }: ById): Promise<Deleted> {
  requireCan(ctx, "members.manage");
  const now = ctx.app.now();
  return transact(ctx, async (tx) => {
    const where = { team_id: ctx.teamId, id, accepted_at: null, revoked_at: null };
    const row = await tx.invitation.findFirst({ where, select: SELECT });
    const { count } = await tx.invitation.updateMany({ where, data: { revoked_at: now } });
    if (!row || count === 0) throw notFound("invitation that is open", id);
    await recordAudit(tx, ctx, "revoke", "invitation", id, { before: toInvitation(row, now) });
    return { id };
  });
}
