import type { Metadata } from "next";
import { Suspense } from "react";
import { MembersSkeleton, MembersView } from "#components/settings/members-view.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Members and roles · Switchyard" };

export default async function MembersPage() {
  const { can } = await requireVisit();
  prefetch(trpc.members.list.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<MembersSkeleton />}>
        <MembersView can={can} />
      </Suspense>
    </Hydrate>
  );
}
