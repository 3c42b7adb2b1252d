// The subscription of an open page: it tells the page of changes until the page closes or its right to read ends.
import { tracked } from "@trpc/server";
import { type LiveChange, WatchChanges } from "#server/contracts/live.ts";
import { AppError } from "#server/errors/app-error.ts";
import { parseInput } from "#server/errors/field-issues.ts";
import { ofKinds } from "#server/live/changes.ts";
import { openProcedure, reader, router, type TrpcContext, toTrpcError } from "./trpc.ts";

const NO_NEWS: LiveChange = { is_whole: false };

async function* watch(ctx: TrpcContext, input: WatchChanges, signal: AbortSignal) {
  const { teamId } = await reader(ctx);
  if (!ctx.live) throw new AppError("UNAVAILABLE", "Live data is served by the dashboard only.");
  const { recheckMs, heartbeatMs } = ctx.live;
  const page = ctx.live.join(teamId, input.kinds);
  let lastId = input.lastEventId ?? null;
  let checkedAtMs = performance.now();
  // A page that comes back hears at once that it is heard.
  let saidAtMs = Number.NEGATIVE_INFINITY;
  try {
    while (!signal.aborted) {
      const dueAtMs = Math.min(checkedAtMs + recheckMs, page.hasLooked() ? saidAtMs + heartbeatMs : Infinity);
      const told = await page.next(lastId, signal, Math.max(0, dueAtMs - performance.now()));
      if (performance.now() - checkedAtMs >= recheckMs) {
        if ((await reader(ctx)).teamId !== teamId) return;
        checkedAtMs = performance.now();
      }
      if (ctx.live.isClosed() || signal.aborted) return;
      lastId = told?.id ?? lastId;
      const change = told && ofKinds(told.change, input.kinds);
      const isDue = page.hasLooked() && performance.now() - saidAtMs >= heartbeatMs;
      if (lastId === null || (!change && !isDue)) continue;
      saidAtMs = performance.now();
      yield tracked(lastId, change ?? NO_NEWS);
    }
  } finally {
    page.leave();
  }
}

/** Turns the failures of a stream into those of a call. */
async function* inWords<T>(stream: AsyncIterable<T>) {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof AppError ? toTrpcError(error) : error;
  }
}

export const live = router({
  changes: openProcedure
    .input((input: unknown): WatchChanges => parseInput(WatchChanges, input ?? {}))
    .subscription(({ ctx, input, signal }) => inWords(watch(ctx, input, signal ?? new AbortController().signal))),
});
