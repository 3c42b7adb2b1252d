"use client";

import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";
import { useFieldProps } from "./field.tsx";

/** The box of everything that holds a value. */
export const controlBox = cn(
  "w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-ink text-sm transition-colors duration-(--motion-fast)",
  "placeholder:text-faint focus-visible:border-accent-solid data-[show~=focus]:border-accent-solid",
  "aria-invalid:border-failed-solid",
  "disabled:border-line disabled:bg-inset disabled:text-muted",
);

export const controlHeights = { md: "h-7 pointer-coarse:h-10", lg: "h-8 pointer-coarse:h-10" };

interface InputProps extends Omit<ComponentProps<"input">, "size"> {
  /** md in bars, lg in forms and dialogs. */
  size?: "md" | "lg";
  /** For what is read letter by letter: addresses, paths, codes. */
  isMono?: boolean;
}

export function Input({ size = "lg", isMono = false, className, ...props }: InputProps) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...useFieldProps()}
      className={cn(controlBox, controlHeights[size], isMono && "font-mono", className)}
      {...props}
    />
  );
}

export function Textarea({ isMono = false, className, ...props }: ComponentProps<"textarea"> & { isMono?: boolean }) {
  return (
    <textarea
      rows={4}
      spellCheck={!isMono}
      {...useFieldProps()}
      className={cn(controlBox, "resize-y py-1.5 text-base", isMono && "font-mono text-xs leading-[19px]", className)}
      {...props}
    />
  );
}
