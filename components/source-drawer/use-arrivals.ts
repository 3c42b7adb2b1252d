"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import type { RequestSummary } from "#server/contracts/request.ts";

interface Wanted {
  /** Those that were sent from here, all others, or both where it is left out. */
  test?: boolean;
  verified_with?: NonNullable<RequestSummary["verified_with"]>[];
  verification?: RequestSummary["verification"][];
  from?: string;
  to?: string;
}

/** The newest requests of a source, as they come; undefined until they are known. */
export function useArrivals(
  sourceId: string,
  limit: number,
  wanted: Wanted = {},
): readonly RequestSummary[] | undefined {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.requests.list.queryOptions({
    source_id: [sourceId],
    limit,
    order_by: "created_at",
    dir: "desc",
    ...wanted,
  });
  useLive(["requests"], ({ requests = [] }) => {
    if (requests.some((request) => request.source_id === sourceId))
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  return useQuery(options).data?.data;
}
