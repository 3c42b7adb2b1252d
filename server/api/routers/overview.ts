import { Overview } from "#server/contracts/overview.ts";
import { getOverview } from "#server/resources/overview.ts";
import { router, teamProcedure } from "../trpc.ts";

export const overviewRouter = router({
  get: teamProcedure.output(Overview).query(({ ctx }) => getOverview(ctx)),
});
