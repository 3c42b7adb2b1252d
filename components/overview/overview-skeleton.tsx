import { PageBar, PageBody } from "#components/frame/page-bar.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { KEY_NUMBERS, keyNumbersGrid } from "./numbers.tsx";

const ROWS = Array.from({ length: 8 }, (_, i) => i);

/** The overview's layout before its data. */
export function OverviewSkeleton() {
  return (
    <>
      <PageBar title="Overview" end={<Skeleton className="w-28" />}>
        <span className="text-muted text-xs">Last 24 hours</span>
      </PageBar>
      <PageBody>
        <div role="status" aria-label="Loading">
          <div className={keyNumbersGrid}>
            {KEY_NUMBERS.map(({ measure, label }) => (
              <div key={measure} className="bg-surface px-4 py-3">
                <div className="text-muted">{label}</div>
                <div className="mt-0.5 flex h-8 items-center">
                  <Skeleton className="h-[22px] w-28" />
                </div>
                <div className="mt-2 h-6" />
              </div>
            ))}
          </div>
          <Skeleton className="mt-4 h-[18px] w-64 max-w-full" />
          <Skeleton className="mt-6 h-[18px] w-24" />
          <div className="mt-3 rounded-lg border border-line bg-surface">
            <div className="h-7" />
            {ROWS.map((row) => (
              <div key={row} className="flex h-8 items-center border-line border-t px-4">
                <Skeleton className="w-full max-w-xl" />
              </div>
            ))}
          </div>
        </div>
      </PageBody>
    </>
  );
}
