import type { Metadata } from "next";
import { Suspense } from "react";
import { PageBody } from "#components/frame/page-bar.tsx";
import { Overview } from "#components/overview/overview.tsx";
import { OverviewBar } from "#components/overview/overview-bar.tsx";
import { OverviewSkeleton } from "#components/overview/overview-skeleton.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";
import { OverviewWindow } from "#server/contracts/overview.ts";

export const metadata: Metadata = { title: "Overview · Switchyard" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function OverviewPage({ searchParams }: Props) {
  await requireVisit();
  // What is none is the day, as it is in the view.
  const window = OverviewWindow.catch("24h").parse((await searchParams).window);
  prefetch(trpc.overview.get.queryOptions({ window }));
  prefetch(trpc.overview.attention.queryOptions({}));
  prefetch(trpc.demo.get.queryOptions({}));
  return (
    <Hydrate>
      <OverviewBar />
      <PageBody>
        <div className="mx-auto max-w-[1320px]">
          <Suspense fallback={<OverviewSkeleton />}>
            <Overview />
          </Suspense>
        </div>
      </PageBody>
    </Hydrate>
  );
}
