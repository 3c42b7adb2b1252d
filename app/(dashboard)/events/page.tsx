import type { Metadata } from "next";
import { EventsPage as Events } from "#components/lists/events-page.tsx";
import { NoLoginNotice } from "#components/overview/no-login-notice.tsx";
import { isViewer } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Events · Switchyard" };

export default async function EventsPage() {
  if (!(await isViewer())) return <NoLoginNotice />;
  return <Events />;
}
