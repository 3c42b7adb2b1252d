"use client";

import { type KeyboardEvent, useRef } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.tsx";

interface SegmentedProps<V extends string> {
  /** What is chosen between, for people who do not see it. */
  label: string;
  options: readonly { value: V; label: string; icon?: IconName }[];
  /** Undefined: nothing is chosen yet. */
  value: V | undefined;
  onChange: (value: V) => void;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Two to four ways to look at the same thing, exactly one of them on. One tab stop; arrows choose. */
export function Segmented<V extends string>({ label, options, value, onChange }: SegmentedProps<V>) {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const index = at === -1 ? 0 : (at + step + options.length) % options.length;
    const next = options[index];
    if (!next) return;
    onChange(next.value);
    group.current?.querySelectorAll("button")[index]?.focus();
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      onKeyDown={onKeyDown}
      className="inline-flex gap-0.5 rounded-md bg-press p-0.5"
    >
      {options.map((option, index) => {
        const isOn = option.value === value;
        const isReached = isOn || (value === undefined && index === 0);
        return (
          // biome-ignore lint/a11y/useSemanticElements: an input would bring the look of a radio button
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={isOn}
            tabIndex={isReached ? 0 : -1}
            data-state={isOn ? "on" : "off"}
            onClick={() => onChange(option.value)}
            className="inline-flex h-6 items-center gap-[5px] whitespace-nowrap rounded-[4px] px-[9px] font-medium text-muted text-xs hovered:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:[&:not(:focus-visible)]:shadow-[0_0_0_1px_var(--line)] pointer-coarse:h-9 pointer-coarse:px-3"
          >
            {option.icon ? <Icon name={option.icon} size={14} /> : null}
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
