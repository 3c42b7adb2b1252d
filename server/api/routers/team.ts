import { ListTeams, Team } from "#server/contracts/api-key.ts";
import { page } from "#server/contracts/page.ts";
import { listTeams } from "#server/resources/teams.ts";
import { router, teamProcedure } from "../trpc.ts";

export const teamRouter = router({
  list: teamProcedure
    .input(ListTeams)
    .output(page(Team))
    .query(({ ctx }) => listTeams(ctx)),
});
