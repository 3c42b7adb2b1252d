import type { Metadata } from "next";
import { AttemptsPage as Attempts } from "#components/records/attempts-page.tsx";
import { Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Attempts · Switchyard" };

export default async function AttemptsPage() {
  await requireVisit();
  // Waited for, so that the first drawing has the columns that stay.
  await prefetch(trpc.account.columns.queryOptions({}));
  return (
    <Hydrate>
      <Attempts />
    </Hydrate>
  );
}
