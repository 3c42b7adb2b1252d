import { Attempt, ListAttempts } from "#server/contracts/attempt.ts";
import { ById, page } from "#server/contracts/page.ts";
import { getAttempt, listAttempts } from "#server/resources/attempts.ts";
import { router, teamProcedure } from "../trpc.ts";

export const attemptRouter = router({
  list: teamProcedure
    .input(ListAttempts)
    .output(page(Attempt))
    .query(({ ctx, input }) => listAttempts(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(Attempt)
    .query(({ ctx, input }) => getAttempt(ctx, input)),
});
