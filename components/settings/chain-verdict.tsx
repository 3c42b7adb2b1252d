"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { AuditVerdict } from "#server/contracts/audit.ts";

const ONCE_A_MINUTE = { staleTime: 60_000, retry: false };

/** Whether the log is as it was written, beside what it is. */
export function ChainVerdict({ about }: { about: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.audit.verify.queryOptions({}, ONCE_A_MINUTE));
  return (
    <>
      <p>{about}</p>
      <div className="min-h-[18px] text-xs">
        {error ? (
          `The chain could not be checked: ${error.message}`
        ) : data ? (
          <Verdict verdict={data} />
        ) : (
          "Checking the chain…"
        )}
      </div>
    </>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (!verdict.is_whole) {
    return (
      <Banner kind="failed">
        The log is not as it was written: {verdict.says}. Compare it with a copy from before, and see who can write to
        the database.
      </Banner>
    );
  }
  if (verdict.last_seq === 0) return "The chain begins with the first change.";
  const which = verdict.is_all
    ? verdict.checked === 1
      ? "The one entry is"
      : `All ${formatCount(verdict.checked)} entries are`
    : `The newest ${formatCount(verdict.checked)} entries are`;
  return (
    <p className="flex items-center gap-1">
      <Icon name="shield" size={12} className="text-delivered" />
      <span>
        {which} as written; the last is number {verdict.last_seq},{" "}
        <code className="font-mono text-2xs" title={verdict.last_hash}>
          {verdict.last_hash.slice(0, 8)}
        </code>
        .
      </span>
    </p>
  );
}
