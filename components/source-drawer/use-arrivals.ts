"use client";

import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { SecretUses } from "#server/contracts/secret-uses.ts";

interface Wanted {
  /** Those that were sent from here, all others, or both where it is left out. */
  test?: boolean;
  verification?: RequestSummary["verification"][];
}

/** The newest requests of a source, as they come; undefined until they are known. */
export const useArrivals = (sourceId: string, limit: number): readonly RequestSummary[] | undefined =>
  useNewest(sourceId, limit)?.data;

/** The page with the newest request that the producer of a source sent; undefined until it is known. */
export const useNewestSent = (sourceId: string) => useNewest(sourceId, 1, { test: false });

/** The page with the newest request of a source whose sender was proved; undefined until it is known. */
export const useNewestGenuine = (sourceId: string) =>
  useNewest(sourceId, 1, { test: false, verification: ["verified", "authenticated"] });

function useNewest(sourceId: string, limit: number, wanted: Wanted = {}) {
  const trpc = useTRPC();
  const options = trpc.requests.list.queryOptions({
    source_id: [sourceId],
    limit,
    order_by: "created_at",
    dir: "desc",
    ...wanted,
  });
  useAgain(sourceId, options.queryKey);
  return useQuery(options).data;
}

/** The secrets of a source with when each was last of use, as requests come; undefined until that is known. */
export function useSecretUses(sourceId: string): SecretUses["data"] | undefined {
  const options = useTRPC().sources.secretUses.queryOptions({ id: sourceId });
  useAgain(sourceId, options.queryKey);
  return useQuery(options).data?.data;
}

/** Asks again when something came to the source. */
function useAgain(sourceId: string, queryKey: QueryKey): void {
  const queryClient = useQueryClient();
  useLive(["requests"], ({ requests = [] }) => {
    if (requests.some((request) => request.source_id === sourceId)) void queryClient.invalidateQueries({ queryKey });
  });
}
