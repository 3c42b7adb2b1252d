import type { Metadata } from "next";
import { RequestsPage as Requests } from "#components/records/requests-page.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Requests · Switchyard" };

export default async function RequestsPage() {
  await requireVisit();
  // Waited for, so that the first drawing has the columns that stay.
  await prefetch(trpc.account.columns.queryOptions({}));
  return (
    <Hydrate>
      <Requests />
    </Hydrate>
  );
}
