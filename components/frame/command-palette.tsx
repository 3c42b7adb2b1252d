"use client";

import { Command } from "cmdk";
import * as Radix from "radix-ui/dialog";
import { useState } from "react";
import { cn } from "#components/ui/class-names.ts";
import { closeOnEscape } from "#components/ui/close-on-escape.ts";
import { dialogSurface, scrim } from "#components/ui/dialog.tsx";
import { useFocusReturn } from "#components/ui/focus-return.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
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
export function CommandPalette({ isOpen, onOpenChange, ...rest }: CommandPaletteProps) {
  const focusReturn = useFocusReturn();
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          aria-describedby={undefined}
          {...focusReturn}
          onKeyDown={closeOnEscape(() => onOpenChange(false))}
          className={cn(dialogSurface, "overflow-hidden md:max-w-[600px]")}
        >
          <Radix.Title className="sr-only">Find or do</Radix.Title>
          <PaletteList {...rest} close={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const item = cn(
  "flex h-8 select-none items-center gap-[9px] overflow-hidden whitespace-nowrap rounded-sm px-2.5 pointer-coarse:h-11",
  "group data-[selected=true]:bg-float-hover [&_b]:font-medium",
);

/** Apart from the dialog, so that what was typed is forgotten when it closes. */
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
      <div className="flex h-11 shrink-0 items-center gap-2.5 border-line border-b pr-3 pl-3.5 text-faint">
        <Icon name="search" />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Find or do"
          className="h-full min-w-0 flex-1 bg-transparent text-base text-ink caret-accent-solid placeholder:text-faint focus-visible:shadow-none"
        />
        <Kbd>Esc</Kbd>
      </div>
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
      <PaletteFoot canOpenIds={openId !== undefined} />
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

const PaletteFoot = ({ canOpenIds }: { canOpenIds: boolean }) => (
  <div className="flex h-[34px] shrink-0 items-center gap-[5px] border-line border-t px-3 text-2xs text-muted">
    <Kbd>↑</Kbd>
    <Kbd>↓</Kbd>
    move
    <Kbd className="ml-1.5">↵</Kbd>
    run
    {canOpenIds ? <span className="ml-auto max-md:hidden">Paste any id to open it</span> : null}
  </div>
);
