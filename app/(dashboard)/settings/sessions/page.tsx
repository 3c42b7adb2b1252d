import type { Metadata } from "next";
import { Suspense } from "react";
import { AccountView } from "#components/account/account-view.tsx";
import { SessionsSkeleton, SessionsView } from "#components/settings/sessions-view.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Sessions · Switchyard" };

export default async function SessionsPage() {
  await requireVisit();
  prefetch(trpc.sessions.list.queryOptions({}));
  prefetch(trpc.account.get.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<SessionsSkeleton />}>
        <SessionsView />
        <AccountView />
      </Suspense>
    </Hydrate>
  );
}
