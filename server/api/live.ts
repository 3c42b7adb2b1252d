// The one procedure that goes on: it tells an open page what has changed, until the page is closed or its right to read ends.
import { tracked } from "@trpc/server";
import { type LiveChange, WatchChanges } from "#server/contracts/live.ts";
import { AppError } from "#server/errors/app-error.ts";
import { parseInput } from "#server/errors/field-issues.ts";
import { ofKinds } from "#server/live/changes.ts";
import { openProcedure, reader, router, type TrpcContext, toTrpcError } from "./trpc.ts";

async function* watch(ctx: TrpcContext, input: WatchChanges, signal: AbortSignal) {
  const { teamId } = await reader(ctx);
  if (!ctx.live) throw new AppError("UNAVAILABLE", "Live data is served by the dashboard only.");
  const { recheckMs } = ctx.live;
  const page = ctx.live.join(teamId);
  let lastId = input.lastEventId ?? null;
  let checkedAtMs = performance.now();
  try {
    while (!signal.aborted) {
      const waitMs = Math.max(0, checkedAtMs + recheckMs - performance.now());
      const told = await page.next(lastId, signal, waitMs);
      if (performance.now() - checkedAtMs >= recheckMs) {
        if ((await reader(ctx)).teamId !== teamId) return;
        checkedAtMs = performance.now();
      }
      if (!told) {
        if (ctx.live.isClosed()) return;
        continue;
      }
      lastId = told.id;
      const change: LiveChange | null = ofKinds(told.change, input.kinds);
      if (change) yield tracked(told.id, change);
    }
  } finally {
    page.leave();
  }
}

/** What fails on the way is said in the words of a call that fails. */
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
