import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ALONE, useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { Sample, Samples } from "#server/contracts/sample.ts";
import type { Seen } from "./filter-verdict.ts";

const PAGE = 20;

export interface SampleChoice {
  /** Those that were fetched, the newest first. */
  samples: readonly Sample[];
  sample: Sample | undefined;
  at: number;
  isLoading: boolean;
  error: Error | null;
  hasOlder: boolean;
  hasNewer: boolean;
  /** 1: to the older one. */
  step: (by: 1 | -1) => void;
}

/** Recent requests of a source, one of them chosen; older ones are fetched as they are walked to. */
export function useSamples(sourceId: string): SampleChoice {
  const api = useTRPCClient();
  const [at, setAt] = useState(0);
  const query = useInfiniteQuery({
    queryKey: ["samples", sourceId],
    queryFn: ({ pageParam, signal }) =>
      api.sources.samples.query(
        { id: sourceId, limit: PAGE, ...(pageParam && { before: pageParam }) },
        { signal, context: ALONE },
      ),
    initialPageParam: "",
    getNextPageParam: (last: Samples) => (last.has_more ? last.data.at(-1)?.request_id : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const samples = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const hasOlder = at < samples.length - 1;
  return {
    samples,
    sample: samples[at],
    at,
    isLoading: query.isPending,
    error: query.error,
    hasOlder: hasOlder || query.hasNextPage,
    hasNewer: at > 0,
    step(by) {
      if (by === -1) setAt(Math.max(at - 1, 0));
      else if (hasOlder) setAt(at + 1);
      else if (query.hasNextPage && !query.isFetchingNextPage) {
        void query.fetchNextPage().then(({ data }) => {
          const count = data?.pages.reduce((sum, page) => sum + page.data.length, 0) ?? 0;
          if (count > at + 1) setAt(at + 1);
        });
      }
    },
  };
}

/** A request as the filter sees it: after the transform. `failure` is why the transform gave none. */
export function useSeen(sample: Sample | undefined, transformationId: string | undefined) {
  const api = useTRPCClient();
  const query = useQuery({
    queryKey: ["seen", sample?.request_id, transformationId],
    queryFn: ({ signal }) =>
      api.transformations.run.mutate(
        { transformation_id: transformationId ?? "", request_id: sample?.request_id ?? "" },
        { signal, context: ALONE },
      ),
    enabled: sample !== undefined && transformationId !== undefined,
    staleTime: 60_000,
    retry: false,
  });
  if (!sample) return { seen: undefined, failure: null };
  if (transformationId === undefined) {
    const seen: Seen = { request: { ...sample.request, event: sample.event }, eventType: sample.event_type };
    return { seen, failure: null };
  }
  const request = query.data?.request;
  return {
    seen: request
      ? ({ request: { ...request, event: sample.event }, eventType: sample.event_type } satisfies Seen)
      : undefined,
    failure: query.data?.error?.message ?? query.error?.message ?? null,
  };
}
