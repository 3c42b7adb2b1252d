// The calls that count and start what each question is about.
import type { TRPCClient } from "@trpc/client";
import type { AppRouter } from "#server/api/app-router.ts";
import type { BulkOperation, BulkPlan } from "#server/contracts/bulk.ts";
import type { ReplayAsk } from "./ask.ts";

type Api = TRPCClient<AppRouter>;

export function planOf({ bulk }: Api, ask: ReplayAsk, signal: AbortSignal): Promise<BulkPlan> {
  switch (ask.kind) {
    case "retry-events":
      return bulk.planEventsRetry.mutate(ask.input, { signal });
    case "cancel-events":
      return bulk.planEventsCancel.mutate(ask.input, { signal });
    case "retry-requests":
      return bulk.planRequestsRetry.mutate(ask.input, { signal });
    case "replay":
      return bulk.planReplay.mutate(ask.input, { signal });
  }
}

/** @param perMinute the operation's own cap; null for none */
export function startOf({ bulk }: Api, ask: ReplayAsk, perMinute: number | null): Promise<BulkOperation> {
  const rate = perMinute === null ? {} : { rate_limit: perMinute, rate_limit_period: "minute" as const };
  switch (ask.kind) {
    case "retry-events":
      return bulk.retryEvents.mutate({ ...ask.input, ...rate });
    case "cancel-events":
      return bulk.cancelEvents.mutate(ask.input);
    case "retry-requests":
      return bulk.retryRequests.mutate({ ...ask.input, ...rate });
    case "replay":
      return bulk.replay.mutate({ ...ask.input, ...rate });
  }
}

interface Issue {
  path: string;
  message: string;
}

/** What the server says about fields; empty where its sentence is about none. */
export function issuesOf(error: unknown): Issue[] {
  const { data } = (error ?? {}) as { data?: { issues?: Issue[] } };
  return data?.issues ?? [];
}
