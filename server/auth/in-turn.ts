import { AppError, CallerGone } from "#server/errors/app-error.ts";
import type { TurnKind } from "#server/shares/team-shares.ts";
import type { Ctx } from "./ctx.ts";

/**
 * Runs the work of a caller in its team's turn.
 * @throws AppError TOO_MANY_REQUESTS when too many calls of the team wait already; CallerGone when the caller went away
 * meanwhile
 */
export async function inTurn<T>(ctx: Ctx, kind: TurnKind, work: () => Promise<T>): Promise<T> {
  const taken = await ctx.app.shares.turns[kind].take(ctx.teamId, ctx.signal);
  if (taken.kind === "gone") throw new CallerGone();
  if (taken.kind === "full") {
    throw new AppError("TOO_MANY_REQUESTS", "Too many calls of this team wait already: send fewer at a time.");
  }
  try {
    return await work();
  } finally {
    taken.done();
  }
}
