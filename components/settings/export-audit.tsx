"use client";

import { useState } from "react";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { showToast } from "#components/ui/toasts.ts";
import type { AuditEntry } from "#server/contracts/audit.ts";
import { auditCsv } from "./audit-csv.ts";
import type { AuditInput } from "./audit-filters.ts";

const PAGE = 255;
/** A browser holds so many at ease; older ones are reached by a range of time. */
const MOST = 5_000;

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Saves what the filters match as a file, the newest first. */
export function ExportAudit({ input }: { input: AuditInput }) {
  const api = useTRPCClient();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const entries: AuditEntry[] = [];
      let next: string | null | undefined;
      do {
        const page = await api.audit.list.query({ ...input, limit: PAGE, ...(next ? { next } : {}) });
        entries.push(...page.data);
        next = page.pagination.next;
      } while (next && entries.length < MOST);
      download(auditCsv(entries), "audit-log.csv");
      const kept = next ? " The newest alone: narrow the time for older ones." : "";
      showToast({ kind: "done", text: `Exported ${formatCount(entries.length)} entries.${kept}` });
    } catch (error) {
      showToast({ kind: "failed", text: error instanceof Error ? error.message : "The export failed." });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon="download" isBusy={isBusy} onClick={() => void run()}>
      Export
    </Button>
  );
}
