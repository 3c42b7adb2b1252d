// The row of a team, as a change of one of its settings locks it.
import type { Ctx } from "#server/auth/ctx.ts";
import { notFound } from "#server/errors/app-error.ts";
import { laterThan, requireAsRead } from "./changed-since.ts";
import type { Tx } from "./transact.ts";

/**
 * Locks the team's row until the end of the transaction, and returns when its next state is from. Rows that refer to the team
 * can still be written.
 * @param ifUpdatedAt the `updated_at` that the caller read; undefined where it does not mind
 * @throws ConflictError when the team has changed since
 */
export async function nextOfTeam(tx: Tx, ctx: Ctx, ifUpdatedAt: string | undefined): Promise<Date> {
  const [row] = await tx.$queryRaw<{ updated_at: Date }[]>`
    select updated_at from team where id = ${ctx.teamId} for no key update`;
  if (!row) throw notFound("team", ctx.teamId);
  await requireAsRead(tx, ctx, { kind: "team", id: ctx.teamId, updatedAt: row.updated_at }, ifUpdatedAt);
  return laterThan(row.updated_at, ctx.app.now());
}
