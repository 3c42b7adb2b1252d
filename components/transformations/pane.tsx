import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";

interface PaneHeadProps {
  title: string;
  /** Beside the title. */
  children?: ReactNode;
  end?: ReactNode;
  className?: string;
}

/** The head of one part of the editor's page. */
export const PaneHead = ({ title, children, end, className }: PaneHeadProps) => (
  <div className={cn("flex min-h-11 shrink-0 items-center gap-2 pr-4 pl-5 max-md:px-3.5", className)}>
    <h2 className="font-semibold text-sm">{title}</h2>
    {children}
    {end === undefined ? null : <span className="ml-auto flex min-w-0 items-center gap-2">{end}</span>}
  </div>
);

/** The name of a part of a request. */
export const PartLabel = ({ children }: { children: ReactNode }) => (
  <h3 className="px-5 pb-1 text-2xs text-faint max-md:px-3.5">{children}</h3>
);

export const PaneNote = ({ children }: { children: ReactNode }) => (
  <p className="px-5 pb-3 text-muted text-xs max-md:px-3.5">{children}</p>
);
