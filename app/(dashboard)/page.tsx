import type { Metadata } from "next";
import { Suspense } from "react";
import { Overview } from "#components/overview/overview.tsx";
import { OverviewSkeleton } from "#components/overview/overview-skeleton.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Overview · Switchyard" };

export default async function OverviewPage() {
  await requireVisit();
  prefetch(trpc.overview.get.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<OverviewSkeleton />}>
        <Overview />
      </Suspense>
    </Hydrate>
  );
}
