// The switches of a resource: each is a column that holds the time since when it is set, or null.
import { recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import type { SwitchOne } from "#server/contracts/resource-fields.ts";
import { laterThan, lockAsRead } from "./changed-since.ts";
import type { Tx } from "./transact.ts";

const SWITCHES = {
  pause: { column: "paused_at", sets: true },
  unpause: { column: "paused_at", sets: false },
  disable: { column: "disabled_at", sets: true },
  enable: { column: "disabled_at", sets: false },
} as const;
export type Flip = keyof typeof SWITCHES;

/**
 * Flips a switch of a row and records it. False when the switch stood so already.
 * @throws AppError NOT_FOUND; CONFLICT when the row is not as it was at `if_updated_at`
 */
export async function flipSwitch(
  tx: Tx,
  ctx: Ctx,
  table: "source" | "destination" | "connection",
  { id, if_updated_at }: SwitchOne,
  flip: Flip,
): Promise<boolean> {
  const { column, sets } = SWITCHES[flip];
  const updatedAt = laterThan(await lockAsRead(tx, ctx, table, id, if_updated_at), ctx.app.now());
  const at = updatedAt.toISOString();
  const count = await tx.$executeRawUnsafe(
    `update ${table} set ${column} = ${sets ? "$3::timestamptz" : "null"}, updated_at = $3::timestamptz
     where team_id = $1 and id = $2 and ${column} is ${sets ? "null" : "not null"}`,
    ctx.teamId,
    id,
    at,
  );
  if (count > 0) await recordAudit(tx, ctx, flip, table, id, { after: { [column]: sets ? at : null }, at: updatedAt });
  return count > 0;
}
