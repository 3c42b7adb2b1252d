"use client";

import { unstable_Provider as CheckboxProvider, unstable_Trigger as CheckboxTrigger } from "radix-ui/checkbox";
import { type ReactNode, useId } from "react";
import { cn } from "./class-names.ts";
import { Icon } from "./icon.tsx";

interface CheckboxProps {
  /** mixed: some of what it stands for is chosen. */
  state: boolean | "mixed";
  onChange: (isOn: boolean) => void;
  /** Stands beside the box; `aria-label` names one without. */
  children?: ReactNode;
  "aria-label"?: string;
  isDisabled?: boolean;
}

// Made of radix's parts and not of its Root: the Root hides an input with a style attribute, which the content security
// policy refuses in a page from the server (docs/decisions/025-the-kit-and-the-policy.md).
export function Checkbox({ state, onChange, children, isDisabled = false, "aria-label": label }: CheckboxProps) {
  const id = useId();
  return (
    <CheckboxProvider
      checked={state === "mixed" ? "indeterminate" : state}
      onCheckedChange={(next) => onChange(next === true)}
      disabled={isDisabled}
    >
      <span className="inline-flex items-center gap-2 pointer-coarse:min-h-10">
        <CheckboxTrigger
          id={id}
          aria-label={label}
          className={cn(
            "relative grid size-3.5 shrink-0 place-items-center rounded-xs border border-line-strong bg-surface text-on-primary",
            "data-[state=checked]:border-primary data-[state=checked]:bg-primary",
            "data-[state=indeterminate]:border-primary data-[state=indeterminate]:bg-primary",
            "disabled:border-line disabled:bg-inset disabled:text-disabled",
            // What takes the press is larger than what is drawn.
            "after:absolute after:-inset-[5px] pointer-coarse:after:-inset-[13px]",
          )}
        >
          {state === false ? null : <Icon name={state === "mixed" ? "minus" : "check"} size={12} />}
        </CheckboxTrigger>
        {children ? (
          <label htmlFor={id} className={cn(isDisabled && "text-muted")}>
            {children}
          </label>
        ) : null}
      </span>
    </CheckboxProvider>
  );
}
