import type { ReactNode } from "react";
import { cn } from "#components/ui/class-names.ts";

interface PageBarProps {
  title: string;
  /** The page that it is below, before its title. */
  above?: ReactNode;
  /** Beside the title: what the page is of. */
  children?: ReactNode;
  /** At the end: freshness, and what can be done with all of it. */
  end?: ReactNode;
  /** For a bar with more than one line holds on a narrow screen: it grows. */
  isTall?: boolean;
}

/** The bar of a page with its one heading. On a narrow screen the bar above it has the title already. */
export function PageBar({ title, above, children, end, isTall = false }: PageBarProps) {
  const isBare = children === undefined && end === undefined;
  return (
    <header
      className={cn(
        isTall ? "min-h-(--h-bar) flex-wrap gap-y-2 py-2" : "h-(--h-bar)",
        "flex shrink-0 items-center gap-2.5 border-line border-b bg-surface pr-4 pl-5 max-md:px-3",
        isBare && "max-md:h-0 max-md:border-0",
      )}
    >
      {above === undefined ? null : (
        <span className="flex items-center gap-2.5 max-md:hidden">
          {above}
          <span aria-hidden="true" className="text-faint">
            /
          </span>
        </span>
      )}
      <h1 className="whitespace-nowrap font-semibold text-base tracking-tight max-md:sr-only">{title}</h1>
      {children}
      {end === undefined ? null : (
        <div className={cn("ml-auto flex items-center gap-2.5", isTall && "flex-wrap max-md:ml-0")}>{end}</div>
      )}
    </header>
  );
}

/** What scrolls below the bar. */
export const PageBody = ({ children }: { children: ReactNode }) => (
  <div className="relative min-h-0 flex-1 overflow-auto">
    <div className="p-5 max-md:p-3">{children}</div>
  </div>
);
