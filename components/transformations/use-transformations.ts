"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { Transformation } from "#server/contracts/transformation.ts";

const PAGE_ROWS = 50;
/** Failures are counted anew by the minute. */
const LOOK_AGAIN_MS = 30_000;

/** The transformations whose name or description has a text, the newest first. */
export function useTransformations(search: string) {
  const api = useTRPCClient();
  const query = useInfiniteQuery({
    // Begins as the procedure's own key does, so that a change of one is followed.
    queryKey: [["transformations", "list"], { search }],
    queryFn: ({ pageParam, signal }) => {
      const input = { limit: PAGE_ROWS, ...(search !== "" && { search }), ...(pageParam && { next: pageParam }) };
      return api.transformations.list.query(input, { signal });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.pagination.next,
    placeholderData: (before) => before,
  });
  return { ...query, rows: query.data?.pages.flatMap((page) => page.data) ?? [] };
}

export interface Usage {
  connections_count: number;
  failed_24h_count: number;
}

/** What uses these, and what they failed on, by id. */
export function useUsage(rows: readonly Transformation[]): ReadonlyMap<string, Usage> {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.transformations.usage.queryOptions(
      { id: rows.map(({ id }) => id).slice(0, 255) },
      { enabled: rows.length > 0, refetchInterval: LOOK_AGAIN_MS, placeholderData: (before) => before },
    ),
  );
  return new Map(data?.data.map(({ transformation_id, ...usage }) => [transformation_id, usage]));
}
