import type { Metadata } from "next";
import { MayProvider } from "#components/graph-drawer/may.tsx";
import { AttemptsPage as Attempts } from "#components/lists/attempts-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Attempts · Switchyard" };

export default async function AttemptsPage() {
  const { can } = await requireVisit();
  return (
    <MayProvider can={can}>
      <Attempts />
    </MayProvider>
  );
}
