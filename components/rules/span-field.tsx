"use client";

import { useState } from "react";
import { Input } from "#components/ui/input.tsx";
import { readSpan, spanText } from "./span-text.ts";

interface SpanFieldProps {
  label: string;
  ms: number;
  /** Inclusive. */
  min: number;
  max: number;
  onChange: (ms: number) => void;
  isReadOnly: boolean;
}

/** A length of time within a sentence: `5 min`, `90 s`, `1 h 30 min`. What is typed counts as soon as it is one. */
export function SpanField({ label, ms, min, max, onChange, isReadOnly }: SpanFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? spanText(ms);
  const read = readSpan(text);
  const isFine = read !== null && read >= min && read <= max;
  const change = (next: string) => {
    setTyped(next);
    const value = readSpan(next);
    if (value !== null && value >= min && value <= max) onChange(value);
  };
  return (
    <span className="inline-flex flex-col align-middle">
      <Input
        aria-label={label}
        aria-invalid={!isFine || undefined}
        title={`From ${spanText(min)} to ${spanText(max)}`}
        value={text}
        readOnly={isReadOnly}
        onChange={(event) => change(event.target.value)}
        onBlur={() => setTyped(null)}
        className="h-7 w-28 text-center font-medium"
      />
      {isFine ? null : (
        <span role="alert" className="text-failed text-xs">
          From {spanText(min)} to {spanText(max)}
        </span>
      )}
    </span>
  );
}
