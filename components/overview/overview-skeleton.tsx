import { Skeleton } from "#components/ui/skeleton.tsx";
import { KEY_NUMBERS, keyNumberCard, keyNumbersGrid } from "./numbers.ts";

const rows = (count: number) => Array.from({ length: count }, (_, i) => i);
const heading = "mt-[22px] mb-2 flex h-6 items-center";
const panel = "rounded-lg border border-line bg-surface";

/** The overview's layout before its data. */
export function OverviewSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className={keyNumbersGrid}>
        {KEY_NUMBERS.map(({ measure, label }) => (
          <div key={measure} className={keyNumberCard}>
            <div className="text-muted">{label}</div>
            <div className="flex h-8 items-center max-md:h-7">
              <Skeleton className="h-[22px] w-28" />
            </div>
            <div className="mb-2 flex h-4 items-center max-md:h-8">
              <Skeleton className="w-32" />
            </div>
            <div className="mt-auto h-9" />
          </div>
        ))}
      </div>
      <div className={heading}>
        <Skeleton className="w-24" />
      </div>
      <div className={panel}>
        {rows(2).map((row) => (
          <div key={row} className="flex h-[54px] items-center border-line border-t px-3.5 first:border-t-0">
            <Skeleton className="w-full max-w-md" />
          </div>
        ))}
      </div>
      <div className={heading}>
        <Skeleton className="w-20" />
      </div>
      <div className={panel}>
        {rows(8).map((row) => (
          <div key={row} className="flex h-8 items-center border-line border-t px-3.5 first:border-t-0">
            <Skeleton className="w-full max-w-xl" />
          </div>
        ))}
      </div>
    </div>
  );
}
