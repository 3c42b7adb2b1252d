// The course of a dry run: stored requests, the newest first, each judged as things are and as they are drafted, for as long and
// for as many bytes as one run may take. A run that ends early has judged the newest.
import type { Ctx } from "#server/auth/ctx.ts";
import { CallerGone } from "#server/errors/app-error.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { type RequestSize, readRoutedRequests } from "./dry-run-requests.sql.ts";

/** One that lasts longer answers what it has. */
const MAX_MS = 8_000;
const MAX_BODY_BYTES = 1024 * 1024;
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

export type Judge<V> = (stored: StoredRequest, signal: AbortSignal) => Promise<V>;

/** `draft` is null where it can judge no otherwise than `present`. */
export interface Judges<V> {
  present: Judge<V>;
  draft: Judge<V> | null;
}

/** What both made of one request. */
export interface Judged<V> {
  id: string;
  eventType: string | null;
  createdAt: Date;
  present: V;
  draft: V;
}

export interface Course<V> {
  /** The newest first. */
  judged: Judged<V>[];
  stoppedBy: "time" | "size" | null;
  /** Requests whose bodies are larger than a dry run reads. */
  tooLarge: number;
}

/** @throws CallerGone, or what a judge threw before the time was over */
export async function judgeStored<V>(
  ctx: Ctx,
  sizes: readonly RequestSize[],
  judges: Judges<V>,
  limits: DryRunLimits,
): Promise<Course<V>> {
  const small = sizes.filter(({ body_bytes }) => body_bytes <= MAX_BODY_BYTES);
  const read = withinBytes(small, limits.bytes);
  const deadline = AbortSignal.timeout(limits.ms);
  const judged: Judged<V>[] = [];
  for (const piece of piecesOf(read)) {
    const done = await judgePiece(ctx, piece, judges, deadline);
    judged.push(...done);
    if (done.length < piece.length && deadline.aborted) break;
  }
  const isLate = deadline.aborted && judged.length < read.length;
  return {
    judged,
    stoppedBy: isLate ? "time" : read.length < small.length ? "size" : null,
    tooLarge: sizes.length - small.length,
  };
}

function withinBytes(requests: readonly RequestSize[], maxBytes: number): RequestSize[] {
  let left = maxBytes;
  const end = requests.findIndex(({ body_bytes }) => {
    left -= body_bytes;
    return left < 0;
  });
  return end === -1 ? [...requests] : requests.slice(0, end);
}

function* piecesOf(requests: readonly RequestSize[]): Generator<string[]> {
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

/** As far as the deadline lets them come: a run of them from the start of the piece. */
async function judgePiece<V>(
  ctx: Ctx,
  ids: readonly string[],
  { present, draft }: Judges<V>,
  deadline: AbortSignal,
): Promise<Judged<V>[]> {
  const signal = AbortSignal.any([deadline, ...(ctx.signal ? [ctx.signal] : [])]);
  const requests = await readRoutedRequests(ctx, ids);
  const outcomes = await Promise.allSettled(
    requests.map(async (stored): Promise<Judged<V>> => {
      const judging = present(stored, signal);
      const [was, is] = await Promise.all([judging, draft === null ? judging : draft(stored, signal)]);
      const { id, event_type: eventType, created_at: createdAt } = stored;
      return { id, eventType, createdAt, present: was, draft: is };
    }),
  );
  if (ctx.signal?.aborted) throw new CallerGone();
  const done: Judged<V>[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") done.push(outcome.value);
    else if (deadline.aborted) break;
    else throw outcome.reason;
  }
  return done;
}
