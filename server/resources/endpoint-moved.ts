import type { Ctx } from "#server/auth/ctx.ts";
import type { DestinationSettings } from "#server/contracts/destination.ts";
import type { Tx } from "./transact.ts";

/** The challenge of an endpoint was answered at another URL: at this one nothing is sent before it is answered again. */
export async function askAgain(tx: Tx, ctx: Ctx, id: string, was: DestinationSettings, is: DestinationSettings) {
  if (was.type !== "HTTP" || is.type !== "HTTP" || was.config.url === is.config.url) return;
  const asked = await tx.$executeRaw`
    update endpoint set verification = 'pending', verification_detail = null
    where team_id = ${ctx.teamId} and id = ${id} and verification is not null`;
  if (asked === 0) return;
  await tx.$executeRaw`
    update destination set endpoint_hold = 'endpoint_unverified'
    where team_id = ${ctx.teamId} and id = ${id} and endpoint_hold is null`;
}
