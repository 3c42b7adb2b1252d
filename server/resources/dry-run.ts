// Dry runs: drafted rules and the present ones, side by side on requests that are stored. Each request is judged as routing
// judges it, on a thread that can be killed; nothing is written, and no deduplication key is claimed (decision 043).
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { DryRun, DryRunConnection, DryRunReason, DryRunSource } from "#server/contracts/dry-run.ts";
import type { Rules } from "#server/contracts/rule.ts";
import type { WhyStep } from "#server/contracts/why.ts";
import { AppError, CallerGone, notFound } from "#server/errors/app-error.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { parseJson } from "#server/json/parse.ts";
import { connectionWarnings } from "./connection-warnings.ts";
import { getConnection } from "./connections.ts";
import { findRoutedRequests, type RequestSize, readRoutedRequests } from "./dry-run-requests.sql.ts";
import { type JudgedRequest, type SoleVerdict, tallyDryRun } from "./dry-run-tally.ts";
import { findRunnable } from "./transformations.ts";

/** One that lasts longer answers what it has. */
const MAX_MS = 8_000;
export const MAX_BODY_BYTES = 1024 * 1024;
/** Of all the bodies that one dry run reads. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Of those that it holds at a time. */
const PIECE = { requests: 100, bytes: 2 * 1024 * 1024 };

/** What a dry run may take. */
export interface DryRunLimits {
  ms: number;
  bytes: number;
}
export const DRY_RUN_LIMITS: DryRunLimits = { ms: MAX_MS, bytes: MAX_BYTES };

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
  const small = sizes.filter(({ body_bytes }) => body_bytes <= MAX_BODY_BYTES);
  const read = withinBytes(small, limits.bytes);
  const deadline = AbortSignal.timeout(limits.ms);
  const judged: JudgedRequest[] = [];
  // The newest first, so that they are what a run that ends early has judged.
  for (const piece of piecesOf(read)) {
    const done = await judgePiece(ctx, piece, judges, deadline);
    judged.push(...done);
    if (done.length < piece.length && deadline.aborted) break;
  }
  const warnings = await connectionWarnings(ctx, { source_id: sourceId, rules: rules.draft });
  const isLate = deadline.aborted && judged.length < read.length;
  return {
    source_id: sourceId,
    ...tallyDryRun(judged.reverse()),
    stopped_by: isLate ? "time" : read.length < small.length ? "size" : null,
    too_large: sizes.length - small.length,
    warnings,
    duration_ms: Math.round(performance.now() - startedAt),
  };
}

export function withinBytes(requests: readonly RequestSize[], maxBytes: number): RequestSize[] {
  let left = maxBytes;
  const end = requests.findIndex(({ body_bytes }) => {
    left -= body_bytes;
    return left < 0;
  });
  return end === -1 ? [...requests] : requests.slice(0, end);
}

export function* piecesOf(requests: readonly RequestSize[]): Generator<string[]> {
  let piece: string[] = [];
  let bytes = 0;
  for (const { id, body_bytes } of requests) {
    if (piece.length > 0 && (piece.length >= PIECE.requests || bytes + body_bytes > PIECE.bytes)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(id);
    bytes += body_bytes;
  }
  if (piece.length > 0) yield piece;
}

type Judge = (stored: StoredRequest, signal: AbortSignal) => Promise<SoleVerdict>;

/** Rules that differ in nothing but delay and retry have the same verdicts. */
async function judgesOf(ctx: Ctx, rules: Compared): Promise<{ present: Judge; draft: Judge | null }> {
  const [present, draft] = [judgingRules(rules.present), judgingRules(rules.draft)];
  const isSame = JSON.stringify(present) === JSON.stringify(draft);
  return { present: await judgeBy(ctx, present), draft: isSame ? null : await judgeBy(ctx, draft) };
}

const judgingRules = (rules: Rules): Rules => rules.filter(({ type }) => type !== "delay" && type !== "retry");

async function judgeBy(ctx: Ctx, rules: Rules): Promise<Judge> {
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

/** The verdicts on a piece, as far as the deadline let them come: a run of them from its start. */
async function judgePiece(
  ctx: Ctx,
  ids: readonly string[],
  judges: { present: Judge; draft: Judge | null },
  deadline: AbortSignal,
): Promise<JudgedRequest[]> {
  const signal = AbortSignal.any([deadline, ...(ctx.signal ? [ctx.signal] : [])]);
  const requests = await readRoutedRequests(ctx, ids);
  const verdicts = await Promise.allSettled(
    requests.map(async (stored): Promise<JudgedRequest> => {
      const { present, draft } = judges;
      const [was, is] = await Promise.all([present(stored, signal), draft?.(stored, signal)]);
      const { id, event_type: eventType, created_at: createdAt } = stored;
      return { id, eventType, createdAt, present: was, draft: is ?? was };
    }),
  );
  if (ctx.signal?.aborted) throw new CallerGone();
  const done: JudgedRequest[] = [];
  for (const verdict of verdicts) {
    if (verdict.status === "fulfilled") done.push(verdict.value);
    else if (deadline.aborted) break;
    else throw verdict.reason;
  }
  return done;
}
