import { read } from "#server/api/operation.ts";
import { AuditEntry, AuditVerdict, ListAuditEntries, VerifyAudit } from "#server/contracts/audit.ts";
import { page } from "#server/contracts/page.ts";
import { listAuditEntries, verifyAudit } from "#server/resources/audit-entries.ts";

export const audit = {
  list: read("/audit", "List who changed what", ListAuditEntries, page(AuditEntry), listAuditEntries, {
    can: "audit.read",
  }),
  verify: read(
    "/audit/verify",
    "Check that the newest entries are as they were written",
    VerifyAudit,
    AuditVerdict,
    verifyAudit,
    { can: "audit.read", turns: "searches" },
  ),
};
