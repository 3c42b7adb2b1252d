"use client";

import { Command } from "cmdk";
import { useState } from "react";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { SearchDialog, SearchField, SearchFoot } from "#components/ui/search-dialog.tsx";
import { useFoundResources } from "./found-resources.ts";
import type { PaletteGroup } from "./palette-group.ts";
import { findId } from "./pasted-id.ts";

interface CommandPaletteProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  groups: readonly PaletteGroup[];
  /** How to go to the page of a pasted id; undefined for a kind that has none. */
  openId?: (id: string) => (() => void) | undefined;
  /** The way to the address of a source, connection or destination; without it none is found. */
  go?: (href: string) => void;
}

/** Jumps to any resource or id, and runs any action. */
export const CommandPalette = ({ isOpen, onOpenChange, ...rest }: CommandPaletteProps) => (
  <SearchDialog isOpen={isOpen} onOpenChange={onOpenChange} title="Find or do" className="md:max-w-[600px]">
    <PaletteList {...rest} close={() => onOpenChange(false)} />
  </SearchDialog>
);

const item = cn(
  "flex h-8 select-none items-center gap-[9px] overflow-hidden whitespace-nowrap rounded-sm px-2.5 pointer-coarse:h-11",
  "group data-[selected=true]:bg-float-hover [&_b]:font-medium",
);

function PaletteList({
  groups,
  openId,
  go,
  close,
}: Pick<CommandPaletteProps, "groups" | "openId" | "go"> & { close: () => void }) {
  const [text, setText] = useState("");
  const id = findId(text);
  const open = id === undefined ? undefined : openId?.(id);
  const closing = (run: () => void) => () => {
    close();
    run();
  };
  return (
    <Command label="Find or do" className="flex min-h-0 flex-col" loop>
      <SearchField value={text} onValueChange={setText} placeholder="Find or do" className="h-11 pl-3.5" />
      <Command.List className="min-h-0 overflow-y-auto p-1 md:max-h-[50dvh]">
        <Command.Empty className="px-2.5 py-3 text-muted">
          {id === undefined ? "Nothing matches." : "No page of this dashboard shows what this id names."}
        </Command.Empty>
        {open && id ? (
          <Command.Item forceMount value={`open ${text}`} keywords={[text]} onSelect={closing(open)} className={item}>
            <Icon name="arrow" className="text-muted" />
            <span>
              Open <span className="font-mono text-xs">{id}</span>
            </span>
            <RunHint />
          </Command.Item>
        ) : null}
        {go ? <Found text={text} go={(href) => closing(() => go(href))()} /> : null}
        {groups.map((group) => (
          <Group key={group.heading} group={group} closing={closing} />
        ))}
      </Command.List>
      <SearchFoot enter="run">{openId ? "Paste any id to open it" : null}</SearchFoot>
    </Command>
  );
}

interface GroupProps {
  group: PaletteGroup;
  closing: (run: () => void) => () => void;
}

const Group = ({ group: { heading, items }, closing }: GroupProps) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-muted"
  >
    {items.map((one) => (
      <Command.Item
        key={one.id}
        value={one.id}
        keywords={[one.words, one.note ?? "", heading]}
        onSelect={closing(one.run)}
        className={item}
      >
        <Icon name={one.icon} className="text-muted" />
        <span className="truncate">{one.label}</span>
        {one.note ? <span className="truncate text-muted max-md:hidden">{one.note}</span> : null}
        <RunHint />
      </Command.Item>
    ))}
  </Command.Group>
);

/** The resources that the text may mean. */
const Found = ({ text, go }: { text: string; go: (href: string) => void }) =>
  useFoundResources(text, go).map((group) => <Group key={group.heading} group={group} closing={(run) => run} />);

const RunHint = () => <Kbd className="ml-auto hidden group-data-[selected=true]:inline-flex max-md:hidden!">↵</Kbd>;
