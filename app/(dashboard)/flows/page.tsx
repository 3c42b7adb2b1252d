import type { Metadata } from "next";
import { FlowsPage as Flows } from "#components/flows/flows-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Flows · Switchyard" };

export default async function FlowsPage() {
  await requireVisit();
  return <Flows />;
}
