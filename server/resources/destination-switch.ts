import type { Ctx } from "#server/auth/ctx.ts";
import type { SwitchOne } from "#server/contracts/resource-fields.ts";
import { scheduleRelease } from "./schedule-release.ts";
import { type Flip, flipSwitch } from "./switches.ts";
import type { Tx } from "./transact.ts";

/** Flips a switch of a destination. What it held goes on when it is enabled. */
export async function flipDestination(tx: Tx, ctx: Ctx, input: SwitchOne, action: Flip): Promise<void> {
  const isFlipped = await flipSwitch(tx, ctx, "destination", input, action);
  if (!isFlipped || action !== "enable") return;
  const where = { team_id: ctx.teamId, destination_id: input.id };
  const connections = await tx.connection.findMany({ where, select: { id: true } });
  await scheduleRelease(
    tx,
    connections.map(({ id }) => id),
  );
}
