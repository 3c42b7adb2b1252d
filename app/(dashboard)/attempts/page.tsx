import type { Metadata } from "next";
import { AttemptsPage as Attempts } from "#components/records/attempts-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Attempts · Switchyard" };

export default async function AttemptsPage() {
  await requireVisit();
  return <Attempts />;
}
