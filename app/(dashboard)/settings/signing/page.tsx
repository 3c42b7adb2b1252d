import type { Metadata } from "next";
import { Suspense } from "react";
import { MOST_DESTINATIONS } from "#components/settings/signed-destinations.ts";
import { SigningSkeleton, SigningView } from "#components/settings/signing-view.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Outbound signing · Switchyard" };

export default async function SigningPage() {
  const { can } = await requireVisit();
  prefetch(trpc.destinations.list.queryOptions({ limit: MOST_DESTINATIONS }));
  return (
    <Hydrate>
      <Suspense fallback={<SigningSkeleton />}>
        <SigningView can={can} />
      </Suspense>
    </Hydrate>
  );
}
