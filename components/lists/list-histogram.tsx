"use client";

import { useQuery } from "@tanstack/react-query";
import { Histogram } from "#components/data/histogram.tsx";
import { parseTimeRange, type Span, type TimeRange } from "#components/data/time-range.ts";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { ListCounts, ListDefinition, ListRow } from "./list-definition.ts";
import { INITIAL_RANGE, type ListInput, withRange } from "./list-input.ts";
import type { ListUrl } from "./use-list-url.ts";

/** Counts through many rows: seldomer than the rows themselves. */
const REFRESH_MS = 20_000;

/** How many rows match over time, and in all. */
export function useListCounts<Row extends ListRow>(
  definition: ListDefinition<Row>,
  input: ListInput,
  axis: TimeRange | null,
) {
  const api = useTRPCClient();
  const options = { staleTime: REFRESH_MS, refetchInterval: REFRESH_MS, retry: false };
  const asked = axis ? withRange(input, axis) : input;
  const counts = useQuery({
    ...options,
    queryKey: ["list-counts", definition.path, asked],
    queryFn: ({ signal }) => definition.count(api, asked, signal),
    ...(asked.body === undefined ? {} : { refetchInterval: false as const }),
  });
  // A brush covers a part of the bars: the list below it is counted by itself.
  const narrowed = useQuery({
    ...options,
    queryKey: ["list-count", definition.path, input],
    queryFn: ({ signal }) => definition.count(api, { ...input, buckets: 1 }, signal),
    enabled: axis !== null,
  });
  return { counts: counts.data, matching: axis ? narrowed.data : counts.data, error: counts.error };
}

interface ListHistogramProps<Row extends ListRow> {
  definition: ListDefinition<Row>;
  counts: ListCounts | undefined;
  error: Error | null;
  url: ListUrl;
}

/** The counts as bars; a brush over them narrows the list. */
export function ListHistogram<Row extends ListRow>({ definition, counts, error, url }: ListHistogramProps<Row>) {
  if (!counts) {
    return (
      <div className="border-line border-b bg-surface px-5 pt-2.5 pb-[18px] max-md:px-3">
        {error ? (
          <p role="status" className="flex h-[52px] items-center text-muted">
            The counts did not load. {error.message}
          </p>
        ) : (
          <Skeleton className="h-[52px]" />
        )}
      </div>
    );
  }
  const fromMs = Date.parse(counts.from);
  const axis: Span = { fromMs, toMs: fromMs + counts.bucket_ms * counts.data.length };
  const range = parseTimeRange(url.values.time ?? INITIAL_RANGE);
  return (
    <Histogram
      label={`${definition.title} over time by state`}
      series={definition.series}
      buckets={counts.data.map((bucket) => ({
        fromMs: Date.parse(bucket.time_bucket),
        counts: definition.series.map(({ key }) => bucket.counts[key] ?? 0),
      }))}
      axis={axis}
      zone="utc"
      selected={url.axis && range?.kind === "custom" ? range : undefined}
      onSelect={(span) => url.narrow({ kind: "custom", ...span }, { kind: "custom", ...axis })}
    />
  );
}
