// Dry runs of drafted rules in a world, as a caller asks for them.
import type { Ctx } from "#server/auth/ctx.ts";
import { DryRunConnection } from "#server/contracts/dry-run.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { newId } from "#server/ids.ts";
import { dryRunConnection } from "#server/resources/dry-run.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import type { World } from "./world.ts";

/** A thousand requests take a second on an idle machine, but their thread gives way to whatever else runs. */
export const AT_LEISURE = { ms: 60_000, bytes: 1e9 };

export const dryRun = (
  ctx: Ctx,
  branch: { id: string },
  rules?: Rules,
  rest: object = {},
  limits?: { ms: number; bytes: number },
) => dryRunConnection(ctx, DryRunConnection.parse({ id: branch.id, rules, ...rest }), limits);

/** The id of a new transformation with this code. */
export const makeTransform = async (world: World, code: string): Promise<string> =>
  (await createTransformation(world.ctx, { name: `t-${newId("transformation")}`, code })).id;
