// The question of what to send again, or to end: one at a time for the whole page, as there is one dialog for it.
import type { inferRouterInputs } from "@trpc/server";
import { useSyncExternalStore } from "react";
import type { AppRouter } from "#server/api/app-router.ts";

type Inputs = inferRouterInputs<AppRouter>["bulk"];

export type ReplayAsk =
  | { kind: "retry-events"; input: Inputs["retryEvents"] }
  | { kind: "cancel-events"; input: Inputs["cancelEvents"] }
  | { kind: "retry-requests"; input: Inputs["retryRequests"] }
  /** By source, connection or destination; with a connection alone a backfill. */
  | { kind: "replay"; input: Inputs["replay"] };

let asked: ReplayAsk | undefined;
const listeners = new Set<() => void>();

/** Opens the dialog, which counts first. Undefined closes it. */
export function askReplay(ask: ReplayAsk | undefined): void {
  asked = ask;
  for (const listener of listeners) listener();
}

export const useReplayAsk = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
    () => undefined,
  );

/** Where nothing is named yet: the last day's failed events. */
export const askNewReplay = () => askReplay({ kind: "replay", input: { from: "now-24h", status: ["FAILED"] } });

/** What came to the source of a connection before the connection was made; which one is chosen in the dialog. */
export const askNewBackfill = () => askReplay({ kind: "replay", input: { from: "now-30d" } });
