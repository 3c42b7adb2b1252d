import type { Metadata } from "next";
import { Suspense } from "react";
import { NotificationsSkeleton, NotificationsView } from "#components/notifications/notifications-view.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Notifications · Switchyard" };

export default async function NotificationsPage() {
  const { can } = await requireVisit();
  prefetch(trpc.notifications.list.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<NotificationsSkeleton />}>
        <NotificationsView mayWrite={can.includes("connection.write")} />
      </Suspense>
    </Hydrate>
  );
}
