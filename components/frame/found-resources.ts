"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { PAGES_OF_IDS } from "./pages.ts";
import type { PaletteGroup, PaletteItem } from "./palette-group.ts";
import { hrefOfId } from "./pasted-id.ts";

/** More of one kind are no help: one letter more finds the right one. */
const MOST = 8;

interface Named {
  id: string;
  name: string;
}

/** Those whose name or id holds all the words of `text`. */
export function findNamed<T extends Named>(rows: readonly T[], text: string): readonly T[] {
  const words = text.trim().toLowerCase().split(/\s+/);
  return rows
    .filter(({ id, name }) => words.every((word) => `${name}\n${id}`.toLowerCase().includes(word)))
    .slice(0, MOST);
}

/** The sources, connections and destinations that `text` may mean, each a way to its drawer. */
export function useFoundResources(text: string, go: (href: string) => void): PaletteGroup[] {
  const trpc = useTRPC();
  const { data } = useQuery({ ...trpc.topology.get.queryOptions({}), staleTime: 30_000 });
  if (!data || text.trim() === "") return [];
  const nameOf = new Map([...data.sources, ...data.destinations].map(({ id, name }) => [id, name]));
  const item = (icon: PaletteItem["icon"], { id, name }: Named, note: string): PaletteItem => ({
    id,
    icon,
    label: name,
    words: `${name} ${text}`,
    note,
    run: () => go(hrefOfId(id, PAGES_OF_IDS) ?? "/connections"),
  });
  const groups: PaletteGroup[] = [
    {
      heading: "Connections",
      items: findNamed(data.connections, text).map((one) =>
        item("connections", one, `${nameOf.get(one.source_id) ?? ""} to ${nameOf.get(one.destination_id) ?? ""}`),
      ),
    },
    { heading: "Sources", items: findNamed(data.sources, text).map((one) => item("requests", one, "source")) },
    {
      heading: "Destinations",
      items: findNamed(data.destinations, text).map((one) => item("arrow", one, one.host ?? "destination")),
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
