import type { Ctx } from "#server/auth/ctx.ts";
import type { Page } from "#server/contracts/page.ts";
import type { Team } from "#server/contracts/team.ts";

const MAX_TEAMS = 255;

/** The teams that the caller may act for: all of an API key's, else the one it acts for now. The oldest first, on one page. */
export async function listTeams(ctx: Ctx): Promise<Page<Team>> {
  const rows = await ctx.app.db.team.findMany({
    where: ctx.actor.kind === "api_key" ? { api_keys: { some: { api_key_id: ctx.actor.id } } } : { id: ctx.teamId },
    orderBy: [{ created_at: "asc" }, { id: "asc" }],
    take: MAX_TEAMS,
    select: { id: true, name: true, created_at: true },
  });
  return {
    data: rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() })),
    pagination: { limit: MAX_TEAMS, order_by: "created_at", dir: "asc", next: null, prev: null },
  };
}
