import { ListTeams, Team } from "#server/contracts/api-key.ts";
import { page } from "#server/contracts/page.ts";
import { listTeams } from "#server/resources/teams.ts";
import { route } from "../operation.ts";

export const teamRoutes = [route("GET", "/teams", "List the teams of this API key", ListTeams, page(Team), listTeams)];
