import type { Metadata } from "next";
import { Suspense } from "react";
import { ACTIVE_KEYS } from "#components/settings/key-lists.ts";
import { KeysSkeleton, KeysView } from "#components/settings/keys-view.tsx";
import { gatewayUrl, Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "API keys · Switchyard" };

export default async function KeysPage() {
  const { can } = await requireVisit();
  prefetch(trpc.apiKeys.list.queryOptions(ACTIVE_KEYS));
  return (
    <Hydrate>
      <Suspense fallback={<KeysSkeleton />}>
        <KeysView can={can} gatewayUrl={gatewayUrl()} />
      </Suspense>
    </Hydrate>
  );
}
