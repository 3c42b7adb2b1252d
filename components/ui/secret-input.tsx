"use client";

import { useEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { cn } from "./class-names.ts";
import { useFieldProps } from "./field.tsx";
import { controlBox, controlHeights, Input } from "./input.tsx";

interface SecretInputProps {
  /** What the server shows of the saved secret, `whsec_…f3a9`; undefined when none is saved. */
  masked?: string | undefined;
  /** The new secret as typed so far; undefined while the saved one stays. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  /** Takes the focus as it comes. */
  isFocused?: boolean;
}

/** A secret is never read back: what is saved is shown masked, and Rotate asks for the next one. */
export function SecretInput({ masked, value, onChange, isFocused = false }: SecretInputProps) {
  const field = useFieldProps();
  const box = useRef<HTMLInputElement>(null);
  const isEditing = masked === undefined || value !== undefined;
  const hasOpened = masked !== undefined && value !== undefined;
  useEffect(() => {
    if (hasOpened) box.current?.focus();
  }, [hasOpened]);

  if (!isEditing) {
    return (
      <div className={cn(controlBox, controlHeights.lg, "flex items-center gap-2 pr-1 font-mono")}>
        <span className="min-w-0 flex-1 truncate">{masked}</span>
        <Button
          id={field.id}
          // The field's label would name it, and nobody would hear what it does.
          aria-label="Rotate the secret"
          kind="quiet"
          size="sm"
          className="font-sans pointer-coarse:h-8"
          onClick={() => onChange("")}
        >
          Rotate
        </Button>
      </div>
    );
  }
  return (
    <div className="flex gap-2">
      <Input
        ref={box}
        isMono
        autoFocus={isFocused}
        autoComplete="new-password"
        data-1p-ignore
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value)}
      />
      {masked === undefined ? null : (
        <Button size="lg" onClick={() => onChange(undefined)}>
          Keep
        </Button>
      )}
    </div>
  );
}
