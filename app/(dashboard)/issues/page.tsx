import type { Metadata } from "next";
import { IssuesPage as Issues } from "#components/issues/issues-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Issues · Switchyard" };

export default async function IssuesPage() {
  const { can } = await requireVisit();
  return <Issues mayManage={can.includes("issues.manage")} />;
}
