import type { ReactNode } from "react";

/** A fixed word of the wire, such as a method: `POST`. */
export const Tag = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex h-4 items-center whitespace-nowrap rounded-xs border border-line px-[5px] align-middle font-medium font-mono text-[10.5px] text-muted leading-none tracking-[0.01em]">
    {children}
  </span>
);
