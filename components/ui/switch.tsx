"use client";

import { unstable_Provider as SwitchProvider, unstable_Trigger as SwitchTrigger, Thumb } from "radix-ui/switch";
import { type ReactNode, useId } from "react";
import { cn } from "./class-names.ts";

interface SwitchProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  /** Stands beside it; `aria-label` names one without. */
  children?: ReactNode;
  "aria-label"?: string;
  isDisabled?: boolean;
}

/** Something that is on or off at once, without Save. Made of radix's parts for the reason that checkbox.tsx gives. */
export function Switch({ isOn, onChange, children, isDisabled = false, "aria-label": label }: SwitchProps) {
  const id = useId();
  return (
    <SwitchProvider checked={isOn} onCheckedChange={onChange} disabled={isDisabled}>
      <span className="inline-flex items-center gap-2 pointer-coarse:min-h-10">
        <SwitchTrigger
          id={id}
          aria-label={label}
          className={cn(
            "group relative h-4 w-7 shrink-0 rounded-full bg-cancelled-solid transition-colors duration-(--motion-fast)",
            "disabled:bg-press enabled:data-[state=checked]:bg-primary",
            "after:absolute after:-inset-1 pointer-coarse:after:-inset-3",
          )}
        >
          <Thumb
            className={cn(
              "block size-3 translate-x-0.5 rounded-full bg-on-danger transition-transform duration-(--motion-fast)",
              "group-disabled:bg-disabled data-[state=checked]:translate-x-3.5 group-enabled:data-[state=checked]:bg-on-primary",
            )}
          />
        </SwitchTrigger>
        {children ? (
          <label htmlFor={id} className={cn(isDisabled && "text-muted")}>
            {children}
          </label>
        ) : null}
      </span>
    </SwitchProvider>
  );
}
