import type { ReactNode } from "react";
import { Skeleton } from "#components/ui/skeleton.tsx";

interface SectionHeadProps {
  title: string;
  /** What it is about, in one sentence. */
  about: ReactNode;
  action?: ReactNode;
}

/** What every section begins with. */
export const SectionHead = ({ title, about, action }: SectionHeadProps) => (
  <header className="mb-3.5 flex items-start gap-3">
    <div className="min-w-0 flex-1">
      <h2 className="font-semibold text-lg tracking-tight">{title}</h2>
      <div className="text-muted">{about}</div>
    </div>
    {action}
  </header>
);

export const SubHead = ({ children }: { children: ReactNode }) => (
  <h3 className="mt-6 mb-2 font-semibold tracking-tight">{children}</h3>
);

const ROWS = Array.from({ length: 6 }, (_, i) => i);

interface SectionSkeletonProps extends SectionHeadProps {
  /** What stands above the table, with its height. */
  above?: ReactNode;
}

/** A section before its data: its head is known, its table comes. */
export const SectionSkeleton = ({ above, ...head }: SectionSkeletonProps) => (
  <>
    <SectionHead {...head} />
    {above}
    <div role="status" aria-label="Loading" className={panel}>
      <div className="h-7 border-line border-b" />
      {ROWS.map((row) => (
        <div key={row} className="flex h-9 items-center border-line border-b px-3.5 last:border-b-0">
          <Skeleton className="w-full max-w-md" />
        </div>
      ))}
    </div>
  </>
);

export const panel = "overflow-hidden rounded-lg border border-line bg-surface";
/** Cells of a table in a panel. */
export const th = "h-7 whitespace-nowrap px-2 text-left font-normal text-muted text-xs first:pl-3.5 last:pr-3.5";
export const td = "h-9 px-2 first:pl-3.5 last:pr-3.5 max-md:h-11";
export const tr = "border-line border-t";
/** For columns that a phone has no room for. */
export const onWide = "max-md:hidden";
