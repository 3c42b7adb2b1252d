"use client";

import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import type { LiveKind } from "#server/contracts/live.ts";
import type { Page } from "#server/contracts/page.ts";
import type { ListDefinition, ListRow } from "./list-definition.ts";
import type { ListInput } from "./list-input.ts";

const PAGE_ROWS = 100;
/** What is looked at again and again: the newest rows, for new ones and for new states of those on the page. */
const HEAD_ROWS = 50;
/** After so many pages without a row a list goes on only when somebody wants it to. */
const MAX_EMPTY_PAGES = 10;
/** So long after news the rows are looked at, */
const NEWS_MS = 1500;
/** and so often without any, should news have been missed. */
const REFRESH_MS = 10_000;

export interface ListRows<Row> {
  rows: readonly Row[];
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
  /** Undefined when the end is reached. */
  more: (() => void) | undefined;
  /** It has looked for a while and found nothing more: as far as this time, and on from there when it is asked to. */
  rest: { lookedTo: string; goOn: () => void } | undefined;
  /** Rows that came since, which wait until they are asked for. */
  fresh: { count: string; show: () => void } | undefined;
}

/** The pages that were fetched. A call looks through so many rows and no more, so a page may be empty and yet not the last. */
function usePages<Row extends ListRow>(definition: ListDefinition<Row>, input: ListInput) {
  const api = useTRPCClient();
  const queryKey = ["list", definition.path, input];
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      definition.list(api, { ...input, limit: PAGE_ROWS, ...(pageParam === "" ? {} : { next: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last: Page<Row>) => last.pagination.next ?? undefined,
    // A page that is there is never asked for again by itself: its rows would move. What is left is forgotten.
    staleTime: "static",
    gcTime: 0,
    retry: false,
  });
  const fetched = pages.data?.pages ?? [];
  const isBare = fetched.every(({ data }) => data.length === 0);
  const emptyTail = fetched.length - 1 - fetched.findLastIndex(({ data }) => data.length > 0);
  const { hasNextPage, isFetchNextPageError, isFetching, fetchNextPage } = pages;
  const goesOn = hasNextPage && !isFetchNextPageError;
  const isResting = goesOn && emptyTail >= MAX_EMPTY_PAGES;
  const looksByItself = goesOn && !isResting;
  useEffect(() => {
    // The table asks for more at the end of its rows; a list without any has none to come near to.
    if (isBare && looksByItself && !isFetching) void fetchNextPage();
  }, [isBare, looksByItself, isFetching, fetchNextPage]);
  return {
    queryKey,
    first: fetched[0],
    rows: useMemo(() => pages.data?.pages.flatMap((page) => page.data) ?? [], [pages.data]),
    isLoading: pages.isPending || pages.isFetchingNextPage || (isBare && looksByItself),
    error: pages.error,
    retry: () => void (isFetchNextPageError ? fetchNextPage() : pages.refetch()),
    more: looksByItself ? () => void fetchNextPage() : undefined,
    rest: isResting
      ? { lookedTo: fetched.at(-1)?.pagination.stopped_at ?? "", goOn: () => void fetchNextPage() }
      : undefined,
  };
}

/**
 * The rows of a list, page by page. What comes meanwhile waits; what is there gets its new state in place. `inSight` gives the ids
 * of the rows that are drawn.
 */
export function useListRows<Row extends ListRow>(
  definition: ListDefinition<Row>,
  input: ListInput,
  inSight: () => readonly string[],
): ListRows<Row> {
  const api = useTRPCClient();
  const client = useQueryClient();
  const { queryKey, first, rows: fetched, ...pages } = usePages(definition, input);
  const headKey = ["list-head", definition.path, input];
  const head = useQuery({
    queryKey: headKey,
    queryFn: ({ signal }) => definition.list(api, { ...input, limit: HEAD_ROWS }, signal),
    // A search in payloads opens thousands of them each time.
    enabled: first !== undefined && input.body === undefined,
    initialData: first,
    gcTime: 0,
    staleTime: REFRESH_MS,
    refetchInterval: REFRESH_MS,
    retry: false,
  });
  useNews(definition.newsKind, () => void client.invalidateQueries({ queryKey: headKey }));
  const further = useFurther(definition, head, inSight);
  const rows = useMemo(
    () => withNewStates(fetched, [...further, ...(head.data?.data ?? [])]),
    [fetched, head.data, further],
  );
  const newest = head.data;
  const known = new Set(rows.map(({ id }) => id));
  const newCount = newest?.data.filter(({ id }) => !known.has(id)).length ?? 0;
  const show = () => {
    if (newest) client.setQueryData<InfiniteData<Page<Row>, string>>(queryKey, { pages: [newest], pageParams: [""] });
  };
  return {
    ...pages,
    rows,
    fresh: newCount > 0 ? { count: `${newCount}${newCount === HEAD_ROWS ? "+" : ""}`, show } : undefined,
  };
}

/** The rows in sight that the head does not reach, as they are: asked for by their ids, each time the head was looked at. */
function useFurther<Row extends ListRow>(
  definition: ListDefinition<Row>,
  head: { data: Page<Row> | undefined; dataUpdatedAt: number },
  inSight: () => readonly string[],
): readonly Row[] {
  const api = useTRPCClient();
  const [further, setFurther] = useState<readonly Row[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a look at the head is what it follows
  useEffect(() => {
    const known = new Set(head.data?.data.map(({ id }) => id));
    const ids = inSight().filter((id) => !known.has(id));
    if (!definition.hasMoves || known.size === 0 || ids.length === 0) return;
    const leaving = new AbortController();
    const asked = definition.list(api, { id: ids, limit: ids.length }, leaving.signal);
    // What fails is asked for again with the next look.
    asked.then(({ data }) => setFurther(data)).catch(() => {});
    return () => leaving.abort();
  }, [head.dataUpdatedAt]);
  return further;
}

/** Calls `look` a moment after news of this kind, so that much of it is one look. */
function useNews(kind: LiveKind, look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLive([kind], ({ is_whole }) => {
    if (is_whole || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, NEWS_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** The same rows in the same order, each as it was last seen. */
function withNewStates<Row extends ListRow>(rows: readonly Row[], latest: readonly Row[]): readonly Row[] {
  const byId = new Map(latest.map((row) => [row.id, row]));
  return rows.map((row) => byId.get(row.id) ?? row);
}
