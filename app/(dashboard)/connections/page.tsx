import type { Metadata } from "next";
import { Suspense } from "react";
import { ConnectionsPage } from "#components/graph/connections-page.tsx";
import { ConnectionsSkeleton } from "#components/graph/graph-skeleton.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Connections · Switchyard" };

export default async function Connections() {
  const { can } = await requireVisit();
  prefetch(trpc.topology.get.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<ConnectionsSkeleton />}>
        <ConnectionsPage can={can} />
      </Suspense>
    </Hydrate>
  );
}
