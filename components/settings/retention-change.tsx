"use client";

import { Button } from "#components/ui/button.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { formatCount, formatExact } from "#components/ui/format.ts";
import type { RetentionPlan } from "#server/contracts/retention.ts";
import { EndsIn } from "./ends-in.tsx";
import { countedKind, days, formatRows, sizeWords } from "./stored-words.ts";

interface RetentionChangeProps {
  /** Days that hold now. */
  from: number;
  /** Undefined while it is counted. */
  plan: RetentionPlan | undefined;
  problem: string | undefined;
  isSaving: boolean;
  onUndo: () => void;
}

/** What a change removes, named before it is saved. */
export function RetentionChange({ from, plan, problem, isSaving, onUndo }: RetentionChangeProps) {
  const requests = plan?.removes.find(({ kind }) => kind === "request");
  const rows = plan?.removes.reduce((sum, one) => sum + one.rows, 0) ?? 0;
  const isEstimated = plan?.removes.some((one) => one.is_rows_estimated) ?? false;
  const removes = rows > 0;
  return (
    <div className="flex min-h-[52px] items-center gap-2 border-line border-t bg-inset py-2 pr-2.5 pl-3.5 text-xs max-md:flex-wrap">
      <div aria-live="polite" className="min-w-0 flex-1 max-md:basis-full">
        {problem ? <FormError>{problem}</FormError> : null}
        {!plan && !problem ? "Counting what this would remove…" : null}
        {plan && requests ? (
          <>
            <b className="font-medium text-sm">
              {removes
                ? `${days(from)} to ${days(plan.days)} removes ${countedKind(requests)}, ${sizeOfAll(plan)}.`
                : `${days(from)} to ${days(plan.days)} removes nothing that is kept now.`}
            </b>{" "}
            {removes ? <Consequences plan={plan} rows={rows} isEstimated={isEstimated} /> : null}
            {plan.is_held_back ? (
              <p className="text-muted">
                An event from {formatExact(plan.removed_before)} is not finished: it and what is younger stay until it
                is.
              </p>
            ) : null}
          </>
        ) : null}
      </div>
      <Button kind="quiet" onClick={onUndo} className="max-md:flex-1">
        Undo
      </Button>
      {plan ? (
        <Button type="submit" kind={removes ? "danger" : "primary"} isBusy={isSaving} className="max-md:flex-1">
          {removes ? `Save, remove ${formatRows(rows, isEstimated)}` : "Save"}
        </Button>
      ) : null}
    </div>
  );
}

const sizeOfAll = ({ removes }: RetentionPlan): string =>
  sizeWords({
    bytes: removes.reduce((sum, one) => sum + one.bytes, 0),
    is_bytes_estimated: removes.some((one) => one.is_bytes_estimated),
  });

interface ConsequencesProps {
  plan: RetentionPlan;
  rows: number;
  isEstimated: boolean;
}

const Consequences = ({ plan, rows, isEstimated }: ConsequencesProps) => (
  <span className="text-muted">
    With events, attempts and what was ignored {formatRows(rows, isEstimated)} rows.{" "}
    {plan.failed_events > 0
      ? `${plan.is_failed_at_least ? "At least " : ""}${formatCount(plan.failed_events)} failed ${plan.failed_events === 1 ? "event" : "events"} among them could no longer be retried. `
      : null}
    Gone for good at the next nightly run, <EndsIn iso={plan.removed_at} /> ({plan.removed_at.slice(11, 16)} UTC).
  </span>
);
