import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

interface FailedProps {
  /** `event`, `request`. */
  what: string;
  error: { message: string; data?: { code?: string } | null };
  retry: () => void;
  controls?: ReactNode;
}

/** In place of what could not be read, or is not there (any more). */
export function DetailFailed({ what, error, retry, controls }: FailedProps) {
  const isGone = error.data?.code === "NOT_FOUND";
  return (
    <div className="space-y-3 px-5 py-3 max-md:px-3.5">
      <div className="flex justify-end">{controls}</div>
      {isGone ? (
        <EmptyState title={`There is no such ${what}`}>
          The id may be mistyped, another team&apos;s, or older than what is kept.
        </EmptyState>
      ) : (
        <ErrorState title={`The ${what} did not load`} actions={<Button onClick={retry}>Try again</Button>}>
          {error.message}
        </ErrorState>
      )}
    </div>
  );
}

/** The places of head, action, timeline and payload. */
export const DetailSkeleton = ({ controls }: { controls?: ReactNode }) => (
  <div>
    <div className="space-y-3 border-line border-b px-5 py-3 max-md:px-3.5">
      <div className="flex h-6 items-center gap-2">
        <Skeleton className="h-[22px] w-20" />
        <Skeleton className="w-44" />
        {controls}
      </div>
      <Skeleton className="w-72 max-w-full" />
      <Skeleton className="h-7 w-40" />
    </div>
    <div className="space-y-3 px-5 py-4 max-md:px-3.5">
      {["w-24", "w-full", "w-4/5", "w-2/3", "w-3/5"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  </div>
);

/** The places of the tabs and of a payload. */
export const TabsSkeleton = () => (
  <div>
    <div className="flex h-[35px] items-center gap-[18px] border-line border-b px-4">
      <Skeleton className="w-14" />
      <Skeleton className="w-16" />
      <Skeleton className="w-14" />
    </div>
    <div className="space-y-2.5 px-5 py-3.5 max-md:px-3.5">
      <Skeleton className="h-7 w-44" />
      <Skeleton className="w-3/5" />
      <Skeleton className="w-2/5" />
    </div>
  </div>
);
