import type { ReactNode } from "react";
import { cn } from "./class-names.ts";

/** A key of the keyboard. */
export const Kbd = ({ children, className }: { children: ReactNode; className?: string }) => (
  <kbd
    className={cn(
      "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-[4px] border border-line bg-surface px-1 font-medium font-sans text-2xs text-muted leading-none",
      className,
    )}
  >
    {children}
  </kbd>
);
