"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import * as Radix from "radix-ui/dialog";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { cn } from "#components/ui/class-names.ts";
import { closeOnEscape } from "#components/ui/close-on-escape.ts";
import { dialogSurface, scrim } from "#components/ui/dialog.tsx";
import { useFocusReturn } from "#components/ui/focus-return.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import type { GuideHit } from "#server/contracts/guide.ts";

interface DocsSearchProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Finds a section of the docs by its words, also by what is almost spelt so. */
export function DocsSearch({ isOpen, onOpenChange }: DocsSearchProps) {
  const focusReturn = useFocusReturn();
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          aria-describedby={undefined}
          {...focusReturn}
          onKeyDown={closeOnEscape(() => onOpenChange(false))}
          className={cn(dialogSurface, "overflow-hidden md:max-w-[640px]")}
        >
          <Radix.Title className="sr-only">Find in the docs</Radix.Title>
          <Hits close={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Apart from the dialog, so that what was typed is forgotten when it closes. */
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
      <div className="flex h-12 shrink-0 items-center gap-2.5 border-line border-b pr-3 pl-4 text-faint">
        <Icon name="search" />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Find in the docs"
          className="h-full min-w-0 flex-1 bg-transparent text-base text-ink caret-accent-solid placeholder:text-faint focus-visible:shadow-none"
        />
        <Kbd>Esc</Kbd>
      </div>
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
      <p className="flex h-[34px] shrink-0 items-center gap-[5px] border-line border-t px-3 text-2xs text-muted">
        <Kbd>↑</Kbd>
        <Kbd>↓</Kbd>
        move
        <Kbd className="ml-1.5">↵</Kbd>
        open
        <span className="ml-auto max-md:hidden">Works without the internet: the docs are part of the program</span>
      </p>
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
