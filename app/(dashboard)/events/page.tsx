import type { Metadata } from "next";
import { MayProvider } from "#components/graph-drawer/may.tsx";
import { EventsPage as Events } from "#components/lists/events-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Events · Switchyard" };

export default async function EventsPage() {
  const { can } = await requireVisit();
  return (
    <MayProvider can={can}>
      <Events />
    </MayProvider>
  );
}
