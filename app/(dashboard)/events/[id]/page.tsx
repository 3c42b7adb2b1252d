import type { Metadata } from "next";
import { EventPage as Event } from "#components/event-detail/event-page.tsx";
import { fetchOrNotFound, Hydrate, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Event · Switchyard" };

export default async function EventPage({ params }: { params: Promise<{ id: string }> }) {
  await requireVisit();
  const { id } = await params;
  await fetchOrNotFound(trpc.events.get.queryOptions({ id, with_body: false }));
  return (
    <Hydrate>
      <Event id={id} />
    </Hydrate>
  );
}
