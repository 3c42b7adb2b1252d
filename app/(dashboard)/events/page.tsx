import type { Metadata } from "next";
import { EventsPage as Events } from "#components/records/events-page.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Events · Switchyard" };

export default async function EventsPage() {
  await requireVisit();
  // Waited for, so that the first drawing has the columns that stay.
  await prefetch(trpc.account.columns.queryOptions({}));
  return (
    <Hydrate>
      <Events />
    </Hydrate>
  );
}
