import type { Metadata } from "next";
import { EventsPage as Events } from "#components/records/events-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Events · Switchyard" };

export default async function EventsPage() {
  await requireVisit();
  return <Events />;
}
