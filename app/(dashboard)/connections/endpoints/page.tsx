import type { Metadata } from "next";
import { EndpointsPage as Endpoints } from "#components/endpoints/endpoints-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Endpoints · Switchyard" };

export default async function EndpointsPage() {
  await requireVisit();
  return <Endpoints />;
}
