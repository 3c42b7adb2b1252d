import type { Metadata } from "next";
import { AttemptsPage as Attempts } from "#components/lists/attempts-page.tsx";
import { NoLoginNotice } from "#components/overview/no-login-notice.tsx";
import { isViewer } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Attempts · Switchyard" };

export default async function AttemptsPage() {
  if (!(await isViewer())) return <NoLoginNotice />;
  return <Attempts />;
}
