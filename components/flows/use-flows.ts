"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";

/** What changes is announced; this is for what was missed. */
const LOOK_AGAIN_MS = 60_000;

/** The flows that were applied, with what has drifted since. */
export function useFlows() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const options = trpc.flows.list.queryOptions({});
  useLive(["config"], () => void queries.invalidateQueries({ queryKey: options.queryKey }));
  return useQuery({ ...options, refetchInterval: LOOK_AGAIN_MS });
}

export type Flows = ReturnType<typeof useFlows>;
