// Mail is for notifications alone: a destination of type EMAIL takes connections of the system source, and no dead letters.
import type { Ctx } from "#server/auth/ctx.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { Tx } from "./transact.ts";

const REMEDY = "make one with POST /notifications and channel email";

/** The sender refuses such events too; here it is said to whoever saves. */
export async function refuseMailFrom(
  tx: Tx,
  ctx: Ctx,
  { source_id, destination_id }: { source_id: string; destination_id: string },
): Promise<void> {
  const where = { team_id: ctx.teamId, id: destination_id, type: "EMAIL" };
  if ((await tx.destination.count({ where })) === 0) return;
  if ((await tx.source.count({ where: { team_id: ctx.teamId, id: source_id, is_system: true } })) > 0) return;
  throw wrongField("destination_id", `E-mail takes notifications alone, not events of other sources: ${REMEDY}.`);
}
