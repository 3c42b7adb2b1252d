// The code of a transformation, drafted and as it runs, on requests that are stored: whether it fails on any of them.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { DryRunTransformation, TransformationDryRun } from "#server/contracts/transformation-dry-run.ts";
import type { TransformError, WhyStep } from "#server/contracts/why.ts";
import { parseJson } from "#server/json/parse.ts";
import { DRY_RUN_LIMITS, type Judge, type Judged, judgeStored } from "./dry-run-pieces.ts";
import { findRoutedRequests, type RequestSize } from "./dry-run-requests.sql.ts";
import { findRunnable } from "./transformations.ts";

/** A transformation that more sources use is tried on requests of these. */
const MAX_SOURCES = 10;
const MAX_EXAMPLES = 20;

/** Null: the code returned. */
type Failure = TransformError | null;

/** What the code, or a draft of it, makes of the newest requests of the sources that use it: on how many it fails, and how. */
export async function dryRunTransformation(
  ctx: Ctx,
  input: DryRunTransformation,
  limits = DRY_RUN_LIMITS,
): Promise<TransformationDryRun> {
  requireCan(ctx, "transformation.run");
  // The saved env is read out by code that its sender may change.
  if (input.code !== undefined) requireCan(ctx, "transformation.write");
  const startedAt = performance.now();
  const saved = await findRunnable(ctx, input.id);
  const present = tryOf(ctx, input.id, saved);
  const isDraft = input.code !== undefined && input.code !== saved.code;
  const draft = isDraft ? tryOf(ctx, input.id, { ...saved, code: input.code ?? "" }) : null;
  const sizes = await newestRequests(ctx, await sourcesThatUse(ctx, input.id), input.limit);
  const { judged, stoppedBy, tooLarge } = await judgeStored(ctx, sizes, { present, draft }, limits);
  return {
    version: saved.version,
    ...tally(judged),
    too_large: tooLarge,
    stopped_by: stoppedBy,
    duration_ms: Math.round(performance.now() - startedAt),
  };
}

async function sourcesThatUse({ app, teamId }: Ctx, id: string): Promise<string[]> {
  const rows = await app.db.connection.findMany({
    where: { team_id: teamId, rules: { array_contains: [{ type: "transform", transformation_id: id }] } },
    distinct: ["source_id"],
    orderBy: { source_id: "desc" },
    take: MAX_SOURCES,
    select: { source_id: true },
  });
  return rows.map((row) => row.source_id);
}

/** The newest of all these sources, the newest first. */
async function newestRequests(ctx: Ctx, sourceIds: string[], limit: number): Promise<RequestSize[]> {
  const found = await Promise.all(sourceIds.map((sourceId) => findRoutedRequests(ctx, { sourceId, limit })));
  return found
    .flat()
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}

function tryOf(
  ctx: Ctx,
  id: string,
  transformation: { code: string; env: Record<string, string>; version: number },
): Judge<Failure> {
  const { sandbox } = ctx.app;
  const { teamId } = ctx;
  return async (stored, signal) => {
    const result = await sandbox.judge({
      teamId,
      stored,
      rules: [{ type: "transform", transformation_id: id }],
      transformation,
      isReplay: false,
      orderPath: null,
      groupPath: null,
      holder: null,
      signal,
    });
    if (result.kind !== "judged")
      return { kind: "timed_out", message: "It took too much time or memory and was stopped.", line: null };
    return result.judgement.kind === "deliver" ? null : errorOf(result.judgement.why, result.judgement.detail);
  };
}

function errorOf(why: readonly string[], detail: string): TransformError {
  const last = parseJson(why.at(-1) ?? "null") as unknown as WhyStep | null;
  return (last?.step === "transform" && last.error) || { kind: "threw", message: detail, line: null };
}

function tally(judged: readonly Judged<Failure>[]) {
  const count = (which: "present" | "draft") => {
    const failed = judged.filter((one) => one[which] !== null).length;
    return { returned: judged.length - failed, failed };
  };
  const failures = judged.flatMap(({ id, eventType, createdAt, draft }) =>
    draft === null
      ? []
      : [{ request_id: id, event_type: eventType, created_at: createdAt.toISOString(), error: draft }],
  );
  return {
    requests: judged.length,
    present: count("present"),
    draft: count("draft"),
    failures: failures.slice(0, MAX_EXAMPLES),
  };
}
