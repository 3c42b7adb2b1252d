// What is valid but will not do what its owner means: a filter that reads a place which the transform before it drops.
import type { Ctx } from "#server/auth/ctx.ts";
import type { SavedConnection } from "#server/contracts/connection.ts";
import type { FilterRule, Rule, TransformRule } from "#server/contracts/rule.ts";
import { filterPathsMissing } from "#server/rules/missing-path.ts";
import { findRuleRequest } from "./stored-request.ts";
import { findRunnable } from "./transformations.ts";

type Warnings = SavedConnection["warnings"];

/** Judged on the newest accepted request of the source; without one there is nothing to judge by and no warning. */
export async function connectionWarnings(
  ctx: Ctx,
  { source_id, rules }: { source_id: string; rules: readonly Rule[] },
): Promise<Warnings> {
  const transform = rules.find((rule): rule is TransformRule => rule.type === "transform");
  const filter = rules.find((rule): rule is FilterRule => rule.type === "filter");
  if (!transform || !filter) return [];
  const request = await findRuleRequest(ctx, { source_id, status: "accepted" });
  if (!request) return [];
  const { code, env } = await findRunnable(ctx, transform.transformation_id);
  const result = await ctx.app.sandbox.run({ teamId: ctx.teamId, code, env, request, signal: ctx.signal });
  if (result.kind === "failed") {
    const message = `The transformation fails on the source's newest request, which would be ignored: ${result.error.message}`;
    return [{ path: `rules[${rules.indexOf(transform)}].transformation_id`, message }];
  }
  return filterPathsMissing(filter, result.request).map((path) => ({
    path: `rules[${rules.indexOf(filter)}].${path}`,
    message: `The filter reads ${path}, which the transform's output for the source's newest request lacks: the filter sees the request after the transform and would ignore it. Filter on a field that the transform keeps, or keep ${path} in the transform.`,
  }));
}
