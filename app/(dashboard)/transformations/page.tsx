import type { Metadata } from "next";
import { TransformationsPage as Transformations } from "#components/transformations/transformations-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Transformations · Switchyard" };

export default async function TransformationsPage() {
  const { can } = await requireVisit();
  return <Transformations can={can} />;
}
