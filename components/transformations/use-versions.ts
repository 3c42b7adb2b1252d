"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { TransformationVersion } from "#server/contracts/transformation.ts";

const PAGE_ROWS = 50;

/** The versions of a transformation, read only where somebody looks at them. */
export function useVersions(id: string, isWanted: boolean) {
  const api = useTRPCClient();
  const query = useInfiniteQuery({
    // Begins as the procedure's own key does, so that a change of the transformation is followed.
    queryKey: [["transformations", "versions"], { id }],
    queryFn: ({ pageParam, signal }) =>
      api.transformations.versions.query(
        { id, limit: PAGE_ROWS, ...(pageParam === "" ? {} : { before: Number(pageParam) }) },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.pagination.next,
    enabled: isWanted,
  });
  return {
    rows: query.data?.pages.flatMap((page) => page.data) ?? [],
    error: query.error?.message,
    isLoading: query.isLoading,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  };
}

export type Versions = ReturnType<typeof useVersions>;

const KINDS: Record<string, string> = { api_key: "the API key", user: "", system: "the product" };

/** Who made a version, as a person reads it. */
export function authorOf({ actor_kind, actor_id, actor_name }: TransformationVersion): string {
  if (actor_kind === null) return "Author not kept then";
  const kind = KINDS[actor_kind] ?? actor_kind;
  const name = actor_name ?? (actor_kind === "system" ? "" : `${actor_id?.slice(0, 8)}…, who is gone`);
  return `by ${[kind, name].filter(Boolean).join(" ")}`;
}
