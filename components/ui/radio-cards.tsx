"use client";

import { useId } from "react";
import { cn } from "./class-names.ts";

interface RadioCardsProps<V extends string> {
  label: string;
  options: readonly { value: V; label: string; about: string }[];
  value: V;
  onChange: (value: V) => void;
}

/** Exactly one of a few, each with a sentence on what it means. */
export function RadioCards<V extends string>({ label, options, value, onChange }: RadioCardsProps<V>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-[5px] font-medium text-ink-2 text-xs">{label}</legend>
      <div className={cn("grid gap-2", options.length === 3 ? "md:grid-cols-3" : "md:grid-cols-2")}>
        {options.map((option) => (
          <label
            key={option.value}
            className={cn(
              "flex gap-[9px] rounded-md border border-line px-[11px] py-2 has-focus-visible:border-accent-solid",
              option.value === value && "border-ink-2 shadow-[0_0_0_1px_var(--ink-2)]",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="mt-0.5 size-3.5 shrink-0 appearance-none rounded-full border border-line-strong bg-surface checked:border-[4.5px] checked:border-primary"
            />
            <span>
              <span className="block font-medium">{option.label}</span>
              <span className="text-muted text-xs">{option.about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
