import { read } from "#server/api/operation.ts";
import { AuditEntry, ListAuditEntries } from "#server/contracts/audit.ts";
import { page } from "#server/contracts/page.ts";
import { listAuditEntries } from "#server/resources/audit-entries.ts";

export const audit = {
  list: read("/audit", "List who changed what", ListAuditEntries, page(AuditEntry), listAuditEntries, {
    can: "audit.read",
  }),
};
