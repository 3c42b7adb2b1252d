import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { FlowPlan, PlanFlows } from "#server/contracts/flow.ts";
import { requireOneWay } from "./apply.ts";
import { planOf, refusedPlan } from "./plan.ts";
import { readFlows } from "./read-flows.ts";

/** What applying a file would do. What is wrong with it is part of the answer, as an editor asks while somebody writes. */
export async function planFlows(ctx: Ctx, input: PlanFlows): Promise<FlowPlan> {
  requireCan(ctx, "data.read");
  requireOneWay(input);
  const file = await readFlows(input.text, ctx.signal);
  if (file.problems.length > 0) return refusedPlan(file.problems);
  return (await planOf(ctx.app.db, ctx, file, input)).plan;
}
