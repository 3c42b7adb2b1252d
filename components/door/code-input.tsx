"use client";

import { useState } from "react";
import { cn } from "#components/ui/class-names.ts";
import { useFieldProps } from "#components/ui/field.tsx";

const DIGITS = [0, 1, 2, 3, 4, 5] as const;

interface CodeInputProps {
  value: string;
  onChange: (code: string) => void;
}

/** Six digits in six cells. It is one input, so that a code can be pasted or filled in by the browser. */
export function CodeInput({ value, onChange }: CodeInputProps) {
  const [hasFocus, setFocus] = useState(false);
  const field = useFieldProps();
  const at = Math.min(value.length, DIGITS.length - 1);
  return (
    <div className="relative">
      <div aria-hidden="true" className="grid grid-cols-[repeat(3,1fr)_10px_repeat(3,1fr)] gap-2">
        {DIGITS.map((digit) => (
          <span
            key={digit}
            className={cn(
              "grid h-[52px] place-items-center rounded-md border border-line-strong bg-surface font-medium font-mono text-[22px] leading-none",
              digit === 3 && "col-start-5",
              hasFocus && digit === at && "border-accent-solid shadow-(--ring)",
              field["aria-invalid"] && "border-failed-solid",
            )}
          >
            {value[digit] ?? (hasFocus && digit === at ? <span className="h-6 w-[1.5px] bg-accent-solid" /> : null)}
          </span>
        ))}
      </div>
      <input
        {...field}
        value={value}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, "").slice(0, DIGITS.length))}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        inputMode="numeric"
        autoComplete="one-time-code"
        // biome-ignore lint/a11y/noAutofocus: the page is for nothing else
        autoFocus
        required
        className="absolute inset-0 cursor-text opacity-0"
      />
    </div>
  );
}
