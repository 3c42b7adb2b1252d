import type { Metadata } from "next";
import { MetricsPage as Metrics } from "#components/metrics/metrics-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Metrics · Switchyard" };

export default async function MetricsPage() {
  await requireVisit();
  return <Metrics />;
}
