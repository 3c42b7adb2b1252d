import { read } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import { ListTeams, Team } from "#server/contracts/team.ts";
import { listTeams } from "#server/resources/teams.ts";

export const teams = {
  list: read("/teams", "List the teams of this API key", ListTeams, page(Team), listTeams),
};
