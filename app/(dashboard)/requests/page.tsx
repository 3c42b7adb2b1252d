import type { Metadata } from "next";
import { RequestsPage as Requests } from "#components/records/requests-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Requests · Switchyard" };

export default async function RequestsPage() {
  await requireVisit();
  return <Requests />;
}
