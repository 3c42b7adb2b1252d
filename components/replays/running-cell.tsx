"use client";

import { capPerMinute } from "#components/replay/cap.ts";
import { progressOf } from "#components/replay/progress.ts";
import { useOperation } from "#components/replay/use-operation.ts";
import { formatCount } from "#components/ui/format.ts";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { BulkOperation } from "#server/contracts/bulk.ts";

/** How far an operation that runs is, by outcome, with its cap. */
export function RunningCell({ operation }: { operation: BulkOperation }) {
  const { data } = useOperation(operation.id);
  const { sent, total, segments } = progressOf(data ?? { ...operation, outcomes: {} });
  const cap = capPerMinute(data ?? operation);
  return (
    <span className="grid gap-0.5" title={cap === null ? "No cap" : `At most ${formatCount(cap)} a minute`}>
      <span className="leading-4">
        {formatCount(sent)} of {formatCount(total)}
      </span>
      <ProgressBar label="How far it is" segments={segments} total={total} className="h-1" />
    </span>
  );
}
