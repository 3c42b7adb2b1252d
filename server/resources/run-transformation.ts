import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import { type RunTransformation, type TransformationRun, TransformRequest } from "#server/contracts/transformation.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { unmaskValues } from "./secret-fields.ts";
import { findRuleRequest } from "./stored-request.ts";
import { findRunnable } from "./transformations.ts";

async function findCode(ctx: Ctx, input: RunTransformation) {
  const { transformation_id: id, code, env } = input;
  if (id === undefined) return { code: code ?? "", env: env ?? {} };
  const saved = await findRunnable(ctx, id);
  return { code: code ?? saved.code, env: env ? unmaskValues("env", env, saved.env) : saved.env };
}

async function findInput(ctx: Ctx, input: RunTransformation): Promise<TransformRequest> {
  if (input.request_id === undefined) return input.request ?? TransformRequest.parse({});
  const stored = await findRuleRequest(ctx, { id: input.request_id });
  if (!stored) throw wrongField("request_id", `No request with the id ${input.request_id}; take one of GET /requests.`);
  return stored;
}

/** Tries code on a request. Nothing is saved, but it takes processor time; a failure of the code is an answer, not an error. */
export async function runTransformation(ctx: Ctx, input: RunTransformation): Promise<TransformationRun> {
  requireCan(ctx, "transformation.run");
  // Other code would read out of the saved env what the saved code keeps to itself.
  if (input.code !== undefined && input.transformation_id !== undefined) requireCan(ctx, "transformation.write");
  const [{ code, env }, request] = await Promise.all([findCode(ctx, input), findInput(ctx, input)]);
  const result = await ctx.app.sandbox.run({ teamId: ctx.teamId, code, env, request, signal: ctx.signal });
  const { console, duration_ms } = result;
  if (result.kind === "failed") return { request: null, error: result.error, console, duration_ms };
  return { request: result.request, error: null, console, duration_ms };
}
