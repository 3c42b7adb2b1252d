import { read, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ListTeams, Team, UpdateTeam } from "#server/contracts/team.ts";
import { listTeams, updateTeam } from "#server/resources/teams.ts";

export const teams = {
  list: read("/teams", "List the teams of this API key", ListTeams, page(Team), listTeams),
  update: write("team.manage", "PATCH", "/teams/:id", "Change a team", UpdateTeam, Team, updateTeam),
};
