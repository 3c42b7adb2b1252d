import type { Metadata } from "next";
import { RequestsPage as Requests } from "#components/lists/requests-page.tsx";
import { NoLoginNotice } from "#components/overview/no-login-notice.tsx";
import { isViewer } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Requests · Switchyard" };

export default async function RequestsPage() {
  if (!(await isViewer())) return <NoLoginNotice />;
  return <Requests />;
}
