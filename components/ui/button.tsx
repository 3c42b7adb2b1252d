import type { ComponentProps } from "react";

export function Button({ className = "", ...props }: ComponentProps<"button">) {
  return (
    <button
      type="button"
      className={`inline-flex h-8 items-center rounded-md border border-line bg-surface px-3 font-medium text-ink hover:border-muted ${className}`}
      {...props}
    />
  );
}
