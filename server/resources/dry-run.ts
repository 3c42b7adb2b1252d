// Dry runs: drafted rules and the present ones, side by side on requests that are stored. Each request is judged as routing
// judges it, on a thread that can be killed; nothing is written, and no deduplication key is claimed (decision 043).
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { DryRun, DryRunConnection, DryRunReason, DryRunSource } from "#server/contracts/dry-run.ts";
import type { Rules } from "#server/contracts/rule.ts";
import type { WhyStep } from "#server/contracts/why.ts";
import { AppError, notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { parseJson } from "#server/json/parse.ts";
import { connectionWarnings } from "./connection-warnings.ts";
import { getConnection } from "./connections.ts";
import { DRY_RUN_LIMITS, type DryRunLimits, type Judge, type Judges, judgeStored } from "./dry-run-pieces.ts";
import { findRoutedRequests } from "./dry-run-requests.sql.ts";
import { type SoleVerdict, tallyDryRun } from "./dry-run-tally.ts";
import { findRunnable } from "./transformations.ts";

type Asked = Pick<DryRunSource, "limit" | "from" | "to">;

/** What drafted rules would have done with the newest requests of the connection's source, beside its present rules. */
export async function dryRunConnection(ctx: Ctx, input: DryRunConnection, limits = DRY_RUN_LIMITS): Promise<DryRun> {
  requireCan(ctx, "transformation.run");
  const { source_id, rules: present } = await getConnection(ctx, { id: input.id });
  return compareRules(ctx, source_id, { present, draft: input.rules ?? present }, input, limits);
}

/** The same for a connection that is not saved yet, beside no rules at all. */
export async function dryRunSource(ctx: Ctx, input: DryRunSource): Promise<DryRun> {
  requireCan(ctx, "transformation.run");
  const where = { team_id: ctx.teamId, id: input.source_id };
  if (!(await ctx.app.db.source.findFirst({ where, select: { id: true } }))) throw notFound("source", input.source_id);
  return compareRules(ctx, input.source_id, { present: [], draft: input.rules }, input, DRY_RUN_LIMITS);
}

interface Compared {
  present: Rules;
  draft: Rules;
}

async function compareRules(
  ctx: Ctx,
  sourceId: string,
  rules: Compared,
  asked: Asked,
  limits: DryRunLimits,
): Promise<DryRun> {
  const startedAt = performance.now();
  const judges = await judgesOf(ctx, rules);
  const sizes = await findRoutedRequests(ctx, { sourceId, limit: asked.limit, from: asked.from, to: asked.to });
  const { judged, stoppedBy, tooLarge } = await judgeStored(ctx, sizes, judges, limits);
  const warnings = await connectionWarnings(ctx, { source_id: sourceId, rules: rules.draft });
  return {
    source_id: sourceId,
    ...tallyDryRun(judged.reverse()),
    stopped_by: stoppedBy,
    too_large: tooLarge,
    warnings,
    duration_ms: Math.round(performance.now() - startedAt),
  };
}

/** Rules that differ in nothing but delay and retry have the same verdicts. */
async function judgesOf(ctx: Ctx, rules: Compared): Promise<Judges<SoleVerdict>> {
  const [present, draft] = [judgingRules(rules.present), judgingRules(rules.draft)];
  const isSame = JSON.stringify(present) === JSON.stringify(draft);
  return { present: await judgeBy(ctx, present), draft: isSame ? null : await judgeBy(ctx, draft) };
}

const judgingRules = (rules: Rules): Rules => rules.filter(({ type }) => type !== "delay" && type !== "retry");

async function judgeBy(ctx: Ctx, rules: Rules): Promise<Judge<SoleVerdict>> {
  if (rules.length === 0) return async () => ({ outcome: "delivered", reason: null, dedupe: null });
  const transformation = await findTransformation(ctx, rules);
  const { sandbox } = ctx.app;
  const { teamId } = ctx;
  return async (stored, signal) => {
    // No key is looked up: copies are found afterwards, among the requests of the run alone.
    const result = await sandbox.judge({
      teamId,
      stored,
      rules,
      transformation,
      isReplay: false,
      orderPath: null,
      groupPath: null,
      holder: null,
      signal,
    });
    if (result.kind === "judged") return toVerdict(result.judgement);
    const message = "The rules took too much time or memory on this request and were stopped.";
    return { outcome: "failed", reason: { message }, dedupe: null };
  };
}

type Judgement = Extract<Awaited<ReturnType<Ctx["app"]["sandbox"]["judge"]>>, { kind: "judged" }>["judgement"];

function toVerdict(judgement: Judgement): SoleVerdict {
  const { dedupe } = judgement;
  if (judgement.kind === "deliver") return { outcome: "delivered", reason: null, dedupe };
  const { cause, detail, why } = judgement;
  if (cause !== "FILTERED") return { outcome: "failed", reason: { message: detail }, dedupe };
  return { outcome: "filtered", reason: filterReason(why, detail), dedupe };
}

function filterReason(why: readonly string[], message: string): DryRunReason {
  const last = parseJson(why.at(-1) ?? "null") as unknown as WhyStep | null;
  if (last?.step !== "filter" || !last.mismatch) return { message };
  const { path, operator, expected, actual } = last.mismatch;
  return { message, path, operator, expected, ...(actual === undefined ? {} : { actual }) };
}

/** The code that the rules run. One of the draft that is not there is the caller's mistake. */
async function findTransformation(ctx: Ctx, rules: Rules) {
  const index = rules.findIndex(({ type }) => type === "transform");
  const rule = rules[index];
  if (rule?.type !== "transform") return null;
  const { transformation_id: id } = rule;
  try {
    return await findRunnable(ctx, id);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code !== "NOT_FOUND") return { code: "", env: {}, version: 0, unusable: error.message };
    const message = `There is no transformation with the id ${id}: take one of GET /transformations.`;
    throw wrongField(`rules[${index}].transformation_id`, message);
  }
}
