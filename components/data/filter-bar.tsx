"use client";

import { lazy, type ReactElement, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { FilterChip, GhostChip } from "#components/ui/chip.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { chipWords, type Filter, type FilterValues } from "./filters.ts";

const PRELOAD_MS = 1000;
const loadEditor = async () => ({ default: (await import("./filter-editor.tsx")).FilterEditor });
const FilterEditor = lazy(loadEditor);

interface FilterBarProps {
  filters: readonly Filter[];
  values: FilterValues;
  /** Null takes the filter away. */
  onChange: (key: string, value: string | null) => void;
  /** Views of the list that are one press away. */
  children?: ReactNode;
  /** At the end: how many match, and what can be done with all of them. */
  end?: ReactNode;
  className?: string;
}

/** The filters of a list as chips. `/` opens the menu of those that are not set yet. */
export function FilterBar({ filters, values, onChange, children, end, className }: FilterBarProps) {
  const [editing, setEditing] = useState<string>();
  const add = useRef<HTMLButtonElement>(null);
  const chosen = useRef<string>(undefined);
  // The menu gives the focus back when it is gone. An editor that opened sooner would take that for a press elsewhere.
  const openChosen = () => {
    if (chosen.current !== undefined) setEditing(chosen.current);
    chosen.current = undefined;
  };
  const textOf = (filter: Filter) => values[filter.key] ?? (filter.kind === "time" ? filter.initial : undefined);
  const unset = filters.filter((filter) => textOf(filter) === undefined && filter.key !== editing);
  const openMenu = () => {
    add.current?.focus();
    add.current?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  };
  // Its code comes when the page is there: the first press of a chip need not wait for it.
  useEffect(() => {
    const timer = setTimeout(() => void loadEditor().catch(() => {}), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  useKeys([{ keys: "/", label: "Add a filter", run: openMenu }]);
  return (
    <div
      className={cn(
        "flex h-10 shrink-0 items-center gap-1.5 overflow-x-auto border-line border-b bg-surface pr-4 pl-5 max-md:h-14 max-md:px-3",
        className,
      )}
    >
      {filters.map((filter) => {
        const value = textOf(filter);
        const isFixed = filter.kind === "time" && filter.initial !== undefined;
        const isEditing = editing === filter.key;
        if (value === undefined && !isEditing) return null;
        const words = value === undefined ? { name: filter.label, value: "…" } : chipWords(filter, value);
        const chip = <FilterChip {...words} onRemove={isFixed ? undefined : () => onChange(filter.key, null)} />;
        return (
          <FilterPopover
            key={filter.key}
            chip={chip}
            label={filter.label}
            isOpen={isEditing}
            onOpen={(isOpen) => setEditing(isOpen ? filter.key : undefined)}
          >
            <Suspense fallback={<Skeleton className="h-7" />}>
              <FilterEditor
                filter={filter}
                value={value}
                onDone={(next) => {
                  if (next !== undefined) onChange(filter.key, next);
                  setEditing(undefined);
                }}
              />
            </Suspense>
          </FilterPopover>
        );
      })}
      {unset.length > 0 ? (
        <Menu
          align="start"
          trigger={
            <GhostChip ref={add} onFocus={openChosen}>
              Filter
            </GhostChip>
          }
        >
          {unset.map((filter) => (
            <MenuItem
              key={filter.key}
              onSelect={() => {
                chosen.current = filter.key;
              }}
            >
              {filter.label}
            </MenuItem>
          ))}
        </Menu>
      ) : null}
      {children}
      <div className="ml-auto flex items-center gap-2 whitespace-nowrap text-muted text-xs">{end}</div>
    </div>
  );
}

interface FilterPopoverProps {
  chip: ReactElement;
  label: string;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  children: ReactNode;
}

const FilterPopover = ({ chip, label, isOpen, onOpen, children }: FilterPopoverProps) => (
  <Popover label={`Filter: ${label}`} isOpen={isOpen} onOpenChange={onOpen} trigger={chip} className="w-72 p-3">
    {children}
  </Popover>
);
