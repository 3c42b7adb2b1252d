// The switches of a resource: each is a column that holds the time since when it is set, or null.
import { recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import type { PauseConnection } from "#server/contracts/connection.ts";
import { LONGEST_PAUSE_MS } from "#server/contracts/pause-length.ts";
import type { SwitchOne } from "#server/contracts/resource-fields.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { laterThan, lockAsRead } from "./changed-since.ts";
import type { Tx } from "./transact.ts";

const SWITCHES = {
  unpause: { column: "paused_at", sets: false, also: ", paused_until = null" },
  disable: { column: "disabled_at", sets: true, also: "" },
  enable: { column: "disabled_at", sets: false, also: "" },
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
  const { column, sets, also } = SWITCHES[flip];
  const updatedAt = laterThan(await lockAsRead(tx, ctx, table, id, if_updated_at), ctx.app.now());
  const at = updatedAt.toISOString();
  const count = await tx.$executeRawUnsafe(
    `update ${table} set ${column} = ${sets ? "$3::timestamptz" : "null"}${also}, updated_at = $3::timestamptz
     where team_id = $1 and id = $2 and ${column} is ${sets ? "null" : "not null"}`,
    ctx.teamId,
    id,
    at,
  );
  if (count > 0) await recordAudit(tx, ctx, flip, table, id, { after: { [column]: sets ? at : null }, at: updatedAt });
  return count > 0;
}

/** The switch that a save states where it is not so yet; null: it says nothing of it, or nothing new. */
export function statedFlip(disabled: boolean | undefined, disabledAt: Date | string | null): Flip | null {
  if (disabled === undefined || disabled === (disabledAt !== null)) return null;
  return disabled ? "disable" : "enable";
}

/** @throws AppError UNPROCESSABLE where a pause cannot end then */
function pauseEnd(until: string | null | undefined, now: Date): Date | null {
  if (!until) return null;
  const end = new Date(until);
  const awayMs = end.getTime() - now.getTime();
  if (awayMs <= 0)
    throw wrongField("until", `${until} has passed: give a time to come, or leave it out to pause without an end.`);
  if (awayMs > LONGEST_PAUSE_MS) {
    const latest = new Date(now.getTime() + LONGEST_PAUSE_MS).toISOString();
    throw wrongField(
      "until",
      `${until} is too far away: give ${latest} or earlier, or leave it out to pause without an end.`,
    );
  }
  return end;
}

/**
 * Pauses a connection, or gives a pause another end, and records it.
 * @throws AppError UNPROCESSABLE, NOT_FOUND; CONFLICT when the row is not as it was at `if_updated_at`
 */
export async function pauseUntil(tx: Tx, ctx: Ctx, { id, until, if_updated_at }: PauseConnection): Promise<void> {
  const now = ctx.app.now();
  const end = pauseEnd(until, now);
  const updatedAt = laterThan(await lockAsRead(tx, ctx, "connection", id, if_updated_at), now);
  const [paused] = await tx.$queryRaw<{ paused_at: Date }[]>`
    update connection set paused_at = coalesce(paused_at, ${updatedAt}), paused_until = ${end}, updated_at = ${updatedAt}
    where team_id = ${ctx.teamId} and id = ${id} and (paused_at is null or paused_until is distinct from ${end}::timestamptz)
    returning paused_at`;
  if (!paused) return;
  const after = { paused_at: paused.paused_at.toISOString(), ...(end && { paused_until: end.toISOString() }) };
  await recordAudit(tx, ctx, "pause", "connection", id, { after, at: updatedAt });
}
