"use client";

import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import { LinkButton } from "#components/ui/button.tsx";
import { Id } from "#components/ui/id.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { useKeys } from "#components/ui/use-keys.ts";

interface DetailPageProps {
  /** What the list is called, and where it is. */
  list: { title: string; path: string };
  id: string;
  /** Where the row stands in the list. It may be loaded later: its place in the bar is kept. */
  place: ReactNode;
  children: ReactNode;
}

/** A row's own page. The list's filter travels in the query, so that its neighbours and the way back are of that list. */
export function DetailPage({ list, id, place, children }: DetailPageProps) {
  const router = useRouter();
  const query = useSearchParams().toString();
  const listHref = `${list.path}?${withOpen(query, id)}`;
  useKeys([{ keys: "Escape", label: "Back to the list", run: () => router.push(listHref) }]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <nav
        aria-label="Place in the list"
        className="flex h-(--h-bar) shrink-0 items-center gap-2 border-line border-b bg-surface pr-4 pl-5 max-md:pr-1.5 max-md:pl-3.5"
      >
        <Link
          href={`${list.path}${query === "" ? "" : `?${query}`}`}
          prefetch={false}
          className="text-muted hovered:text-ink"
        >
          {list.title}
        </Link>
        <span aria-hidden="true" className="text-faint">
          /
        </span>
        <Id id={id} what="id" />
        <span className="ml-auto flex items-center gap-1">
          <Suspense>{place}</Suspense>
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
