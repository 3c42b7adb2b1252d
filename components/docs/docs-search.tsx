"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { SearchDialog, SearchField, SearchFoot } from "#components/ui/search-dialog.tsx";
import type { GuideHit } from "#server/contracts/guide.ts";

interface DocsSearchProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Finds a section of the docs by its words, also by what is almost spelt so. */
export const DocsSearch = (layer: DocsSearchProps) => (
  <SearchDialog {...layer} title="Find in the docs" className="md:max-w-[640px]">
    <Hits close={() => layer.onOpenChange(false)} />
  </SearchDialog>
);

function Hits({ close }: { close: () => void }) {
  const router = useRouter();
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const asked = text.trim();
  const { data } = useQuery(
    trpc.guide.search.queryOptions({ text: asked }, { enabled: asked !== "", placeholderData: keepPreviousData }),
  );
  const hits = asked === "" ? [] : (data?.data ?? []);
  const go = (href: string) => {
    close();
    router.push(href);
  };
  return (
    <Command label="Find in the docs" shouldFilter={false} className="flex min-h-0 flex-col" loop>
      <SearchField value={text} onValueChange={setText} placeholder="Find in the docs" className="h-12 pl-4" />
      <Command.List className="min-h-0 overflow-y-auto px-1.5 py-1 md:max-h-[50dvh]">
        <Command.Empty className="px-2.5 py-3 text-muted">
          {asked === "" ? "Type a word, an operator or an error." : "No section has these words."}
        </Command.Empty>
        {hits.map((hit) => (
          <Command.Item
            key={hit.href}
            value={hit.href}
            onSelect={() => go(hit.href)}
            className="flex gap-2.5 rounded-md px-2.5 py-[7px] data-[selected=true]:bg-float-hover"
          >
            <Icon name="book" className="mt-px text-muted" />
            <Hit hit={hit} />
          </Command.Item>
        ))}
      </Command.List>
      <SearchFoot enter="open">Works without the internet: the docs are part of the program</SearchFoot>
    </Command>
  );
}

const Hit = ({ hit }: { hit: GuideHit }) => (
  <div className="min-w-0">
    <p>
      <span className="font-medium">{hit.title}</span>
      {hit.page === hit.title ? null : <span className="ml-2 text-muted text-xs">{hit.page}</span>}
    </p>
    <p className="truncate text-muted text-xs">
      {hit.before}
      <mark className="rounded-xs bg-[color-mix(in_oklab,var(--accent-solid)_26%,transparent)] text-ink">
        {hit.found}
      </mark>
      {hit.after}
    </p>
  </div>
);
