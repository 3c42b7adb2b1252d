import type { Metadata } from "next";
import { Suspense } from "react";
import { TeamSkeleton, TeamView } from "#components/settings/team-view.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Team · Switchyard" };

export default async function TeamPage() {
  const { can, team } = await requireVisit();
  prefetch(trpc.teams.list.queryOptions({}));
  return (
    <Hydrate>
      <Suspense fallback={<TeamSkeleton />}>
        <TeamView can={can} teamId={team.id} />
      </Suspense>
    </Hydrate>
  );
}
