"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { DEBUG_COPIES } from "#server/contracts/debug-copy.ts";
import type { Page } from "#server/contracts/page.ts";
import { useTRPCClient } from "./trpc-provider.tsx";

interface Named {
  id: string;
  name: string;
}

/** What the ids in a list's rows are called. An id without a name, of what was deleted, stands for itself. */
export interface Names {
  sources: ReadonlyMap<string, { name: string; type: string }>;
  connections: ReadonlyMap<string, { name: string }>;
  destinations: ReadonlyMap<string, { name: string }>;
}

const PAGE_ROWS = 255;
/** A team with more resources than this finds the rest by their ids. */
const MAX_PAGES = 8;
const FRESH_MS = 30_000;

async function allOf<T extends Named>(list: (next: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { data, pagination } = await list(next);
    found.push(...data);
    if (pagination.next === null) break;
    next = pagination.next;
  }
  return found;
}

const paged = (next: string | undefined) => ({ limit: PAGE_ROWS, ...(next === undefined ? {} : { next }) });
const byId = <T extends Named>(rows: readonly T[] | undefined) => new Map(rows?.map((row) => [row.id, row]));

/** The names of everything that a row may point at. */
export function useNames(): Names {
  const api = useTRPCClient();
  // The keys begin as those of the resources' own queries do, so that a change of one is followed.
  const options = { staleTime: FRESH_MS };
  const sources = useQuery({
    ...options,
    queryKey: [["sources"], "names"],
    queryFn: ({ signal }) =>
      allOf(async (next) => {
        const page = await api.sources.list.query(paged(next), { signal });
        return { ...page, data: page.data.map(({ id, name, type }) => ({ id, name, type: type as string })) };
      }),
  });
  const connections = useQuery({
    ...options,
    queryKey: [["connections"], "names"],
    queryFn: ({ signal }) => allOf((next) => api.connections.list.query(paged(next), { signal })),
  });
  const destinations = useQuery({
    ...options,
    queryKey: [["destinations"], "names"],
    queryFn: ({ signal }) => allOf((next) => api.destinations.list.query(paged(next), { signal })),
  });
  return useMemo(
    () => ({
      sources: byId(sources.data),
      connections: byId(connections.data),
      destinations: byId(destinations.data),
    }),
    [sources.data, connections.data, destinations.data],
  );
}

/** `evt_01KB…7WQA` */
export const shortId = (id: string): string => `${id.slice(0, 8)}…${id.slice(-4)}`;

/** A short id for what has no name (any more). */
export const nameIn = (names: ReadonlyMap<string, { name: string }>, id: string): string =>
  names.get(id)?.name ?? (id === DEBUG_COPIES ? "Debug copy" : shortId(id));

/** The way by which an event goes: its connection, or the event of which it is a copy. */
export const wayOf = ({ connections }: Names, row: { connection_id: string; resent_from: string | null }): string =>
  row.resent_from === null ? nameIn(connections, row.connection_id) : `Debug copy of ${shortId(row.resent_from)}`;
