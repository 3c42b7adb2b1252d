import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ALONE, useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { DryRun } from "#server/contracts/dry-run.ts";
import type { Rule } from "#server/contracts/rule.ts";

/** After the last change. */
const PAUSE_MS = 500;

export interface DryRunState {
  /** Undefined until there was one. It may be of an earlier draft: see `isCurrent`. */
  result: DryRun | undefined;
  /** Whether the result is of exactly these rules. */
  isCurrent: boolean;
  isRunning: boolean;
  error: Error | null;
  /** What the server says is wrong with the rules: they cannot be saved either. */
  refused: readonly { path: string; message: string }[] | null;
  /** Why these rules are not to be saved yet; null when they were tried, or could not be. */
  waitsFor: string | null;
  /** Runs at once, again if it has run. */
  run: () => void;
}

/**
 * The dry run of drafted rules: runs by itself when nobody has changed them for a moment, and ends the run before. `rules` is
 * null while they cannot be saved.
 */
export function useDryRun(connectionId: string, rules: readonly Rule[] | null, limit: number): DryRunState {
  const api = useTRPCClient();
  const wanted = rules === null ? null : JSON.stringify(rules);
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const isSettled = wanted !== null && settled === wanted;
  const query = useQuery({
    queryKey: ["dry-run", connectionId, settled, limit],
    queryFn: ({ signal }) =>
      api.connections.dryRun.mutate({ id: connectionId, rules: [...(rules ?? [])], limit }, { signal, context: ALONE }),
    enabled: isSettled,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
  const isCurrent = isSettled && query.data !== undefined && !query.isPlaceholderData && !query.isFetching;
  const error = isSettled && !query.isFetching ? query.error : null;
  const refusal = error as { data?: { code?: string; issues?: { path: string; message: string }[] } } | null;
  const refused = refusal?.data?.code === "UNPROCESSABLE_CONTENT" ? (refusal.data.issues ?? []) : null;
  return {
    result: query.data,
    isCurrent,
    isRunning: wanted !== null && (!isSettled || query.isFetching),
    error,
    refused,
    waitsFor: isCurrent || (error && !refused) ? null : (error?.message ?? "The dry run of these rules comes first."),
    run() {
      if (isSettled) void query.refetch();
      else setSettled(wanted);
    },
  };
}
