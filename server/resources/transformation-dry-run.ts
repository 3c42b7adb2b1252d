// The code of a transformation, drafted and as it runs, on requests that are stored: whether it fails on any of them.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { DryRunTransformation, TransformationDryRun } from "#server/contracts/transformation-dry-run.ts";
import type { TransformError, WhyStep } from "#server/contracts/why.ts";
import { CallerGone } from "#server/errors/app-error.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { parseJson } from "#server/json/parse.ts";
import { DRY_RUN_LIMITS, MAX_BODY_BYTES, piecesOf, withinBytes } from "./dry-run.ts";
import { findRoutedRequests, type RequestSize, readRoutedRequests } from "./dry-run-requests.sql.ts";
import { findRunnable } from "./transformations.ts";

/** A transformation that more sources use is tried on requests of these. */
const MAX_SOURCES = 10;
const MAX_EXAMPLES = 20;

interface Tried {
  id: string;
  event_type: string | null;
  created_at: Date;
  present: TransformError | null;
  draft: TransformError | null;
}

type Try = (stored: StoredRequest, signal: AbortSignal) => Promise<TransformError | null>;

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
  const small = sizes.filter(({ body_bytes }) => body_bytes <= MAX_BODY_BYTES);
  const read = withinBytes(small, limits.bytes);
  const deadline = AbortSignal.timeout(limits.ms);
  const tried: Tried[] = [];
  for (const piece of piecesOf(read)) {
    const done = await tryPiece(ctx, piece, { present, draft }, deadline);
    tried.push(...done);
    if (done.length < piece.length && deadline.aborted) break;
  }
  return {
    version: saved.version,
    ...tally(tried),
    too_large: sizes.length - small.length,
    stopped_by: deadline.aborted && tried.length < read.length ? "time" : read.length < small.length ? "size" : null,
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
): Try {
  const { sandbox } = ctx.app;
  const { teamId } = ctx;
  return async (stored, signal) => {
    const result = await sandbox.judge({
      teamId,
      stored,
      rules: [{ type: "transform", transformation_id: id }],
      transformation,
      isReplay: false,
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

/** As far as the deadline lets them come: a run of them from the start of the piece. */
async function tryPiece(
  ctx: Ctx,
  ids: readonly string[],
  tries: { present: Try; draft: Try | null },
  deadline: AbortSignal,
): Promise<Tried[]> {
  const signal = AbortSignal.any([deadline, ...(ctx.signal ? [ctx.signal] : [])]);
  const requests = await readRoutedRequests(ctx, ids);
  const outcomes = await Promise.allSettled(
    requests.map(async (stored): Promise<Tried> => {
      const [present, draft] = await Promise.all([tries.present(stored, signal), tries.draft?.(stored, signal)]);
      const { id, event_type, created_at } = stored;
      return { id, event_type, created_at, present, draft: draft === undefined ? present : draft };
    }),
  );
  if (ctx.signal?.aborted) throw new CallerGone();
  const done: Tried[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") done.push(outcome.value);
    else if (deadline.aborted) break;
    else throw outcome.reason;
  }
  return done;
}

function tally(tried: readonly Tried[]) {
  const count = (which: "present" | "draft") => {
    const failed = tried.filter((one) => one[which] !== null).length;
    return { returned: tried.length - failed, failed };
  };
  const failures = tried.flatMap(({ id, event_type, created_at, draft }) =>
    draft === null ? [] : [{ request_id: id, event_type, created_at: created_at.toISOString(), error: draft }],
  );
  return {
    requests: tried.length,
    present: count("present"),
    draft: count("draft"),
    failures: failures.slice(0, MAX_EXAMPLES),
  };
}
