"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { ListDefinition, ListRow } from "#components/lists/list-definition.ts";
import { listInput } from "#components/lists/list-input.ts";
import { useListUrl } from "#components/lists/use-list-url.ts";
import { IconButton } from "#components/ui/button.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { useNeighbours } from "./use-neighbours.ts";

/** Where a row stands in its list, with the filter that is in the query, and the ways to its neighbours. */
export function PlaceInList<Row extends ListRow>({ definition, id }: { definition: ListDefinition<Row>; id: string }) {
  const router = useRouter();
  const path = usePathname();
  const query = useSearchParams().toString();
  const url = useListUrl(definition.filters);
  const inputText = JSON.stringify(listInput(definition.filters, url.values));
  const input = useMemo(() => JSON.parse(inputText) as ReturnType<typeof listInput>, [inputText]);
  const { newer, older, place } = useNeighbours(definition, input, id);
  const hrefOf = (row: string) => `${path.slice(0, path.lastIndexOf("/"))}/${row}${query === "" ? "" : `?${query}`}`;
  const open = (row: string | undefined) => row === undefined || router.replace(hrefOf(row));
  useKeys([
    { keys: "k", label: "The one before in the list", run: () => open(newer) },
    { keys: "j", label: "The next one in the list", run: () => open(older) },
  ]);
  return (
    <>
      {place === undefined ? null : (
        <span className="mr-1.5 whitespace-nowrap text-muted text-xs max-md:hidden">{place} with these filters</span>
      )}
      <IconButton icon="up" label="Previous" title="Previous (k)" disabled={!newer} onClick={() => open(newer)} />
      <IconButton icon="down" label="Next" title="Next (j)" disabled={!older} onClick={() => open(older)} />
    </>
  );
}
