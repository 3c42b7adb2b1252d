import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import type { Team, UpdateTeam } from "#server/contracts/team.ts";
import { notFound } from "#server/errors/app-error.ts";
import { transact } from "./transact.ts";

const MAX_TEAMS = 255;
const SELECT = { id: true, name: true, created_at: true } as const;

const toTeam = (row: { id: string; name: string; created_at: Date }): Team => ({
  ...row,
  created_at: row.created_at.toISOString(),
});

/** The teams that the caller may act for: all of an API key's, else the one it acts for now. The oldest first, on one page. */
export async function listTeams(ctx: Ctx): Promise<Page<Team>> {
  const rows = await ctx.app.db.team.findMany({
    where: ctx.actor.kind === "api_key" ? { api_keys: { some: { api_key_id: ctx.actor.id } } } : { id: ctx.teamId },
    orderBy: [{ created_at: "asc" }, { id: "asc" }],
    take: MAX_TEAMS,
    select: SELECT,
  });
  return {
    data: rows.map(toTeam),
    pagination: { limit: MAX_TEAMS, order_by: "created_at", dir: "asc", next: null, prev: null },
  };
}

interface Named {
  name: string;
}

/** Only the team that the caller acts for: any other is not found, also where an API key has it. */
export async function updateTeam(ctx: Ctx, { id, name }: UpdateTeam): Promise<Team> {
  requireCan(ctx, "team.manage");
  if (id !== ctx.teamId) throw notFound("team", id);
  return transact(ctx, async (tx) => {
    // Held, so that the entry says what was; rows that refer to the team are still written.
    const [before] = await tx.$queryRaw<Named[]>`
      select name from team where id = ${ctx.teamId} for no key update`;
    const [row] = await tx.$queryRaw<(Named & { id: string; created_at: Date })[]>`
      update team set name = coalesce(${name ?? null}, name), updated_at = ${ctx.app.now()}
      where id = ${ctx.teamId} returning id, name, created_at`;
    if (!row) throw notFound("team", id);
    await recordAudit(tx, ctx, "update", "team", id, { before, after: { name: row.name } });
    return toTeam(row);
  });
}
