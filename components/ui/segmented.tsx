"use client";

import { Item, Root } from "radix-ui/toggle-group";
import { NO_INLINE_STYLE } from "./style-nonce.ts";

interface SegmentedProps<V extends string> {
  /** What is chosen between, for people who do not see it. */
  label: string;
  options: readonly { value: V; label: string }[];
  value: V;
  onChange: (value: V) => void;
}

/** Two to four ways to look at the same thing, exactly one of them on. */
export function Segmented<V extends string>({ label, options, value, onChange }: SegmentedProps<V>) {
  return (
    <Root
      type="single"
      aria-label={label}
      value={value}
      // Radix gives the empty string when the one that is on is pressed again.
      onValueChange={(next) => next !== "" && onChange(next as V)}
      className="inline-flex gap-0.5 rounded-md bg-press p-0.5"
      style={NO_INLINE_STYLE}
    >
      {options.map((option) => (
        <Item
          key={option.value}
          value={option.value}
          className="inline-flex h-6 items-center gap-[5px] whitespace-nowrap rounded-[4px] px-[9px] font-medium text-muted text-xs hovered:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:[&:not(:focus-visible)]:shadow-[0_0_0_1px_var(--line)] pointer-coarse:h-9 pointer-coarse:px-3"
        >
          {option.label}
        </Item>
      ))}
    </Root>
  );
}
