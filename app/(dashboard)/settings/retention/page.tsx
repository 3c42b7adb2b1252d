import type { Metadata } from "next";
import { Suspense } from "react";
import { RetentionSkeleton, RetentionView } from "#components/settings/retention-view.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Retention · Switchyard" };

export default async function RetentionPage() {
  const { can } = await requireVisit();
  prefetch(trpc.retention.get.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<RetentionSkeleton />}>
        <RetentionView can={can} />
      </Suspense>
    </Hydrate>
  );
}
