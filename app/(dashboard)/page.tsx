import type { Metadata } from "next";
import { Suspense } from "react";
import { NoLoginNotice } from "#components/overview/no-login-notice.tsx";
import { Overview } from "#components/overview/overview.tsx";
import { OverviewSkeleton } from "#components/overview/overview-skeleton.tsx";
import { Hydrate, isViewer, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Overview · Switchyard" };

export default async function OverviewPage() {
  if (!(await isViewer())) return <NoLoginNotice />;

  prefetch(trpc.overview.get.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<OverviewSkeleton />}>
        <Overview />
      </Suspense>
    </Hydrate>
  );
}
