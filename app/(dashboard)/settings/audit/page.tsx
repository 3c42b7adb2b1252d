import type { Metadata } from "next";
import { AuditView } from "#components/settings/audit-view.tsx";
import { MissingCapability } from "#components/settings/missing-capability.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Audit log · Switchyard" };

export default async function AuditPage() {
  const { can } = await requireVisit();
  if (!can.includes("audit.read")) return <MissingCapability title="Audit log" what="Reading the audit log" />;
  return <AuditView />;
}
