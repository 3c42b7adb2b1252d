import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Role } from "#server/contracts/capability.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { CreateTeam, Team, UpdateTeam } from "#server/contracts/team.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { newId } from "#server/ids.ts";
import { nextOfTeam } from "./team-row.ts";
import { type Tx, transact } from "./transact.ts";

const MAX_TEAMS = 255;
const SELECT = { id: true, name: true, created_at: true, updated_at: true } as const;

interface TeamRow {
  id: string;
  name: string;
  created_at: Date;
  updated_at: Date;
}

const toTeam = (row: TeamRow, role: string | null): Team => ({
  ...row,
  role: role as Role | null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** What the caller is in the team that they act for; null for whoever is no person. */
async function roleOf(tx: Tx, ctx: Ctx): Promise<string | null> {
  if (ctx.actor.kind !== "user") return null;
  const where = { team_id_user_id: { team_id: ctx.teamId, user_id: ctx.actor.id } };
  const member = await tx.member.findUnique({ where, select: { role: true } });
  return member?.role ?? null;
}

/** The teams that a caller may act for: all of a person or of an API key, else the one it acts for now. */
function reachOf({ actor, teamId }: Ctx) {
  if (actor.kind === "api_key") return { api_keys: { some: { api_key_id: actor.id } } };
  return actor.kind === "user" ? { members: { some: { user_id: actor.id } } } : { id: teamId };
}

/** The teams that the caller may act for. The oldest first, on one page. */
export async function listTeams(ctx: Ctx): Promise<Page<Team>> {
  const rows = await ctx.app.db.team.findMany({
    where: reachOf(ctx),
    orderBy: [{ created_at: "asc" }, { id: "asc" }],
    take: MAX_TEAMS,
    select: { ...SELECT, members: { where: { user_id: ctx.actor.id }, select: { role: true } } },
  });
  return {
    data: rows.map(({ members, ...row }) => toTeam(row, members[0]?.role ?? null)),
    pagination: { limit: MAX_TEAMS, order_by: "created_at", dir: "asc", next: null, prev: null },
  };
}

/** Only the team that the caller acts for, as with a change. */
export async function getTeam(ctx: Ctx, { id }: ById): Promise<Team> {
  const reach = await listTeams(ctx);
  const found = reach.data.find((each) => each.id === id && id === ctx.teamId);
  if (!found) throw notFound("team", id);
  return found;
}

/** For a person, who owns it. Both teams' logs say so. */
export async function createTeam(ctx: Ctx, { name }: CreateTeam): Promise<Team> {
  requireCan(ctx, "team.own");
  if (ctx.actor.kind !== "user")
    throw new AppError("FORBIDDEN", "A team needs an owner: log in at the dashboard to make one.");
  const userId = ctx.actor.id;
  const now = ctx.app.now();
  const id = newId("team", now.getTime());
  return transact(ctx, async (tx) => {
    const owner = { create: { user_id: userId, role: "owner", created_at: now } };
    const data = { id, name, created_at: now, updated_at: now, members: owner };
    const row = await tx.team.create({ data, select: SELECT });
    for (const teamId of [ctx.teamId, id].toSorted())
      await recordAudit(tx, { ...ctx, teamId }, "create", "team", id, { after: { name } });
    return toTeam(row, "owner");
  });
}

/** Only the team that the caller acts for: any other is not found, also where an API key has it. */
export async function updateTeam(ctx: Ctx, { id, name, if_updated_at }: UpdateTeam): Promise<Team> {
  requireCan(ctx, "team.manage");
  if (id !== ctx.teamId) throw notFound("team", id);
  return transact(ctx, async (tx) => {
    const at = await nextOfTeam(tx, ctx, if_updated_at);
    const where = { id: ctx.teamId };
    const before = await tx.team.findUniqueOrThrow({ where, select: { name: true } });
    const row = await tx.team.update({ where, data: { name, updated_at: at }, select: SELECT });
    await recordAudit(tx, ctx, "update", "team", id, { before, after: { name: row.name }, at });
    return toTeam(row, await roleOf(tx, ctx));
  });
}
