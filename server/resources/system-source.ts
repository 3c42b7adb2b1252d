// The source of the team's own happenings: issues, changes of configuration, ends of events. It is routed like any other.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Source } from "#server/contracts/source.ts";
import { getSource, insertSource } from "./sources.ts";
import { findByName, type Tx, transactUpsert } from "./transact.ts";

const SYSTEM_SOURCE_NAME = "switchyard";
/** Where another source has that name. */
const OTHER_NAME = "switchyard-system";
const DESCRIPTION =
  "What happens here: issues, changes of configuration, ends of events. Nobody outside can send to it.";

/** The id of the team's system source, which is made where there is none. */
async function saveSystemSource(tx: Tx, ctx: Ctx): Promise<string> {
  const known = await tx.source.findFirst({ where: { team_id: ctx.teamId, is_system: true }, select: { id: true } });
  if (known) return known.id;
  const isTaken = (await findByName(tx, ctx, "source", SYSTEM_SOURCE_NAME)) !== undefined;
  const input = { name: isTaken ? OTHER_NAME : SYSTEM_SOURCE_NAME, description: DESCRIPTION };
  return (await insertSource(tx, ctx, input, { isSystem: true })).id;
}

/** Idempotent. Nothing is told, and nothing stored, before a connection listens to it. */
export async function makeSystemSource(ctx: Ctx): Promise<Source> {
  requireCan(ctx, "source.write");
  return getSource(ctx, { id: await transactUpsert(ctx, (tx) => saveSystemSource(tx, ctx)) });
}
