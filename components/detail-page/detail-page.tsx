"use client";

import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, useMemo } from "react";
import { useKeys } from "#components/frame/use-keys.ts";
import type { ListDefinition, ListRow } from "#components/lists/list-definition.ts";
import { listInput } from "#components/lists/list-input.ts";
import { useListUrl } from "#components/lists/use-list-url.ts";
import { IconButton, LinkButton } from "#components/ui/button.tsx";
import { Id } from "#components/ui/id.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { useNeighbours } from "./use-neighbours.ts";

interface DetailPageProps<Row extends ListRow> {
  definition: ListDefinition<Row>;
  id: string;
  children: ReactNode;
}

/** A row's own page. The list's filter travels in the query, so that its neighbours and the way back are of that list. */
export function DetailPage<Row extends ListRow>({ definition, id, children }: DetailPageProps<Row>) {
  const router = useRouter();
  const path = usePathname();
  const query = useSearchParams().toString();
  const url = useListUrl(definition.filters);
  const inputText = JSON.stringify(listInput(definition.filters, url.values));
  const input = useMemo(() => JSON.parse(inputText) as ReturnType<typeof listInput>, [inputText]);
  const { newer, older, place } = useNeighbours(definition, input, id);
  const hrefOf = (row: string) => `${path.slice(0, path.lastIndexOf("/"))}/${row}${query === "" ? "" : `?${query}`}`;
  const open = (row: string | undefined) => row === undefined || router.replace(hrefOf(row));
  const listHref = `${definition.path}?${withOpen(query, id)}`;
  useKeys([
    { keys: "k", label: "The one before in the list", run: () => open(newer) },
    { keys: "j", label: "The next one in the list", run: () => open(older) },
    { keys: "Escape", label: "Back to the list", run: () => router.push(listHref) },
  ]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <nav
        aria-label="Place in the list"
        className="flex h-(--h-bar) shrink-0 items-center gap-2 border-line border-b bg-surface pr-4 pl-5 max-md:pr-1.5 max-md:pl-3.5"
      >
        <Link
          href={`${definition.path}${query === "" ? "" : `?${query}`}`}
          prefetch={false}
          className="hovered:text-ink text-muted"
        >
          {definition.title}
        </Link>
        <span aria-hidden="true" className="text-faint">
          /
        </span>
        <Id id={id} what="id" />
        <span className="ml-auto flex items-center gap-1">
          {place === undefined ? null : (
            <span className="mr-1.5 whitespace-nowrap text-muted text-xs max-md:hidden">
              {place} with these filters
            </span>
          )}
          <IconButton icon="up" label="Previous" title="Previous (k)" disabled={!newer} onClick={() => open(newer)} />
          <IconButton icon="down" label="Next" title="Next (j)" disabled={!older} onClick={() => open(older)} />
          <LinkButton href={listHref} className="ml-1 max-md:hidden">
            Back to the list
          </LinkButton>
          <Kbd className="ml-1 max-md:hidden">Esc</Kbd>
        </span>
      </nav>
      {children}
    </div>
  );
}

/** The list as it was, with this row open in its panel. */
function withOpen(query: string, id: string): string {
  const params = new URLSearchParams(query);
  params.set("open", id);
  return params.toString();
}
