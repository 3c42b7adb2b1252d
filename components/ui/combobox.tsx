"use client";

import { Command } from "cmdk";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cn } from "./class-names.ts";
import { useFieldProps } from "./field.tsx";
import { floatingItem } from "./floating.ts";
import { Icon } from "./icon.tsx";
import { controlBox, controlHeights } from "./input.tsx";
import { Popover } from "./popover.tsx";

interface ComboboxOption {
  value: string;
  label: string;
  /** What to know before choosing it, such as a state badge. */
  note?: ReactNode;
}

interface ComboboxProps {
  options: readonly ComboboxOption[];
  value: string | undefined;
  onChange: (value: string) => void;
  /** What is looked for: "Find a destination". */
  searchLabel: string;
  placeholder?: string;
  size?: "md" | "lg";
  isDisabled?: boolean;
  /** Takes the focus as it appears. */
  isFocused?: boolean;
  /** A last line that does something else: "New destination". */
  action?: { label: string; run: () => void };
  /** Names one that stands in no field. */
  "aria-label"?: string;
}

/** Space opens the list, as it presses any button, and is a letter behind another one. */
const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, before: string) =>
  key.length === 1 && !ctrlKey && !metaKey && !altKey && (key !== " " || before !== "");

/** One of many, found by typing. */
export function Combobox(props: ComboboxProps) {
  const { options, value, searchLabel, placeholder = "Choose…", size = "lg", isDisabled, isFocused, action } = props;
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const input = useRef<HTMLInputElement>(null);
  // The button that takes its place when the code of the list has come leaves the focus where the person has gone. A state, since
  // that button is the one of the last time that this was drawn, which may have been the first.
  const [isFirstButton, setFirstButton] = useState(true);
  useEffect(() => setFirstButton(false), []);
  const listId = useId();
  const chosen = options.find((option) => option.value === value);
  const change = (toOpen: boolean) => {
    setOpen(toOpen);
    if (!toOpen) setSearch("");
  };
  const close = (run: () => void) => () => {
    change(false);
    run();
  };
  /** What is typed at the button is looked for, also while the list is still on its way. */
  const typeAhead = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && !isLetter(event, search)) return;
    event.preventDefault();
    if (event.key !== "ArrowDown") setSearch(search + event.key);
    setOpen(true);
  };
  const trigger = (
    <button
      type="button"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={isOpen}
      aria-controls={isOpen ? listId : undefined}
      aria-label={props["aria-label"]}
      disabled={isDisabled}
      // biome-ignore lint/a11y/noAutofocus: the person has asked for the form that it begins
      autoFocus={isFocused && isFirstButton}
      onKeyDown={typeAhead}
      {...useFieldProps()}
      className={cn(controlBox, controlHeights[size], "flex items-center justify-between gap-2 text-left")}
    >
      <span className={cn("truncate", !chosen && "text-faint")}>{chosen?.label ?? placeholder}</span>
      <Icon name="up-down" size={14} className="text-faint" />
    </button>
  );
  return (
    <Popover
      trigger={trigger}
      label={searchLabel}
      isOpen={isOpen}
      onOpenChange={change}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        input.current?.focus({ preventScroll: true });
        // The next letter goes behind those that were typed at the button.
        input.current?.setSelectionRange(search.length, search.length);
      }}
      className="w-[max(var(--radix-popover-trigger-width),230px)]"
    >
      <Command label={searchLabel}>
        <div className="flex items-center gap-2 border-line border-b px-3 text-faint">
          <Icon name="search" size={14} />
          <Command.Input
            ref={input}
            value={search}
            onValueChange={setSearch}
            placeholder={searchLabel}
            className="h-9 min-w-0 flex-1 bg-transparent text-ink text-sm placeholder:text-faint focus-visible:shadow-none"
          />
        </div>
        <Command.List id={listId} className="max-h-72 overflow-auto p-1">
          <Command.Empty className="px-2 py-1.5 text-muted">Nothing matches</Command.Empty>
          {options.map((option) => (
            <Command.Item
              key={option.value}
              value={option.value}
              keywords={[option.label]}
              onSelect={close(() => props.onChange(option.value))}
              className={floatingItem}
            >
              <span className={cn("min-w-0 flex-1 truncate", option.value === value && "font-medium")}>
                {option.label}
              </span>
              {option.note}
              {option.value === value ? <Icon name="check" size={14} className="text-muted" /> : null}
            </Command.Item>
          ))}
        </Command.List>
        {action ? (
          <div className="border-line border-t p-1">
            <button type="button" className={cn(floatingItem, "hovered:bg-float-hover")} onClick={close(action.run)}>
              <Icon name="plus" size={14} className="text-muted" />
              {action.label}
            </button>
          </div>
        ) : null}
      </Command>
    </Popover>
  );
}
