"use client";

import * as Radix from "radix-ui/tabs";
import { type ReactNode, useId } from "react";
import { Count } from "./count.tsx";
import { NO_INLINE_STYLE } from "./style-nonce.ts";

interface TabsProps<V extends string> {
  label: string;
  tabs: readonly { value: V; label: string; count?: string; content: ReactNode }[];
  value: V;
  onChange: (value: V) => void;
}

/** Parts of one thing, one shown at a time. Which one belongs in the URL, so the caller keeps it. */
export function Tabs<V extends string>({ label, tabs, value, onChange }: TabsProps<V>) {
  const id = useId();
  const current = tabs.find((tab) => tab.value === value);
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as V)} activationMode="automatic">
      <Radix.List
        aria-label={label}
        className="flex gap-[18px] overflow-x-auto border-line border-b px-4"
        style={NO_INLINE_STYLE}
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            id={`${id}-${tab.value}`}
            aria-controls={tab.value === value ? `${id}-panel` : undefined}
            className="relative inline-flex h-[34px] shrink-0 items-center gap-1.5 whitespace-nowrap font-medium text-muted text-sm after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 hovered:text-ink data-[state=active]:text-ink data-[state=active]:after:bg-accent-solid pointer-coarse:h-10"
          >
            {tab.label}
            {tab.count === undefined ? null : <Count count={tab.count} />}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {/* Not radix's panel: it writes a style attribute on the server. */}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {current?.content}
      </div>
    </Radix.Root>
  );
}
