import { Skeleton } from "#components/ui/skeleton.tsx";
import { LINES_HEIGHT, THROUGHPUT_HEIGHT, TYPES_HEIGHT } from "./chart-panel.tsx";

const panel = "rounded-lg border border-line bg-surface px-4 pt-3 pb-4";

/** The page's panels with nothing in them, at the height that they will have. */
export const MetricsSkeleton = () => (
  <div className="grid grid-cols-3 gap-3 max-lg:grid-cols-1" aria-busy="true">
    <span className="sr-only" role="status">
      Loading the numbers
    </span>
    <div className={`${panel} col-span-full ${THROUGHPUT_HEIGHT}`}>
      <Skeleton className="w-32" />
    </div>
    {["success", "latency", "queue", "rejected", "left-out", "failing"].map((name, i) => (
      <div key={name} className={`${panel} ${i < 3 ? LINES_HEIGHT : "min-h-40"}`}>
        <Skeleton className="w-28" />
      </div>
    ))}
    <div className={`${panel} col-span-full ${TYPES_HEIGHT}`}>
      <Skeleton className="w-28" />
    </div>
  </div>
);
