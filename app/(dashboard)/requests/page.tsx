import type { Metadata } from "next";
import { MayProvider } from "#components/graph-drawer/may.tsx";
import { RequestsPage as Requests } from "#components/lists/requests-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Requests · Switchyard" };

export default async function RequestsPage() {
  const { can } = await requireVisit();
  return (
    <MayProvider can={can}>
      <Requests />
    </MayProvider>
  );
}
