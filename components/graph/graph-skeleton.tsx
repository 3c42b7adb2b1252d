import { PageBar } from "#components/frame/page-bar.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

const CARDS = { source: [0, 1, 2, 3, 4], connection: [0, 1, 2, 3, 4, 5, 6, 7], destination: [0, 1, 2, 3] } as const;
const LOOK = {
  source: "h-[68px] w-[228px]",
  connection: "h-[55px] w-[372px]",
  destination: "h-[118px] w-[248px]",
} as const;
const GAP = { source: "gap-[70px]", connection: "gap-1.5", destination: "gap-8" } as const;

/** The places of the cards while the graph is on its way. */
export const GraphSkeleton = () => (
  <div aria-busy="true" className="relative min-h-0 flex-1 overflow-hidden">
    <span className="sr-only">The graph is being drawn.</span>
    <div className="flex justify-between px-6 pt-[60px] max-md:hidden">
      {(["source", "connection", "destination"] as const).map((kind) => (
        <div key={kind} className={cn("flex flex-col", GAP[kind])}>
          {CARDS[kind].map((at) => (
            <div key={at} className={cn("rounded-md border border-line bg-surface p-3", LOOK[kind])}>
              <Skeleton className="w-1/3" />
              <Skeleton className="mt-2.5 w-2/3" />
            </div>
          ))}
        </div>
      ))}
    </div>
    <div className="grid gap-2 p-3 md:hidden">
      {CARDS.source.map((at) => (
        <div key={at} className="h-[124px] rounded-lg border border-line bg-surface p-3">
          <Skeleton className="w-1/3" />
          <Skeleton className="mt-3 w-2/3" />
        </div>
      ))}
    </div>
  </div>
);

/** The page before its wiring is known. */
export const ConnectionsSkeleton = () => (
  <>
    <PageBar title="Connections" end={<Skeleton className="h-7 w-36" />}>
      <Skeleton className="h-7 w-64 max-md:w-full" />
    </PageBar>
    <GraphSkeleton />
  </>
);
