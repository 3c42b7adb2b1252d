"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import { ChangedRequests } from "./changed-requests.tsx";
import { DryRunCells } from "./dry-run-cells.tsx";
import { changedCount, type DryRunNumber, dryRunNumbers, dryRunScope } from "./dry-run-words.ts";
import type { DryRunState } from "./use-dry-run.ts";

export const LIMITS = [100, 1000] as const;

const DOTS: Record<DryRunNumber["key"], string> = {
  pass: "bg-delivered-soft",
  stay: "bg-line",
  newly_filtered: "bg-ignored-solid",
  newly_duplicate: "bg-ignored-solid",
  newly_failing: "bg-failed-solid",
  newly_delivered: "bg-delivered-solid",
};

interface DryRunBarProps {
  dryRun: DryRunState;
  limit: number;
  onLimit: (limit: number) => void;
  /** Why there is nothing to run; null when there is. */
  problem: string | null;
  /** Save, which stands beside it. */
  children: ReactNode;
}

/** What drafted rules would have done with the last requests, beside what the present ones would have. */
export function DryRunBar({ dryRun, limit, onLimit, problem, children }: DryRunBarProps) {
  const { result, isCurrent, isRunning, error } = dryRun;
  const [isListed, setListed] = useState(false);
  const changed = result ? changedCount(result) : 0;
  return (
    <div className="grid min-h-[72px] grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-5 gap-y-2 max-wide:grid-cols-1">
      <div>
        <h2 className="mb-0.5 flex items-center gap-2 whitespace-nowrap font-semibold">
          Dry run on the last
          <Segmented
            label="How many requests"
            options={LIMITS.map((each) => ({ value: String(each), label: formatCount(each) }))}
            value={String(limit)}
            onChange={(value) => onLimit(Number(value))}
          />
        </h2>
        <p role="status" className="text-muted text-xs">
          {problem ?? error?.message ?? (isRunning ? "Running…" : result ? dryRunScope(result) : "Not run yet.")}
        </p>
      </div>
      <div
        className={cn(
          "flex min-w-0 items-center gap-5 max-md:flex-col max-md:items-stretch max-md:gap-2",
          !isCurrent && "opacity-55",
        )}
      >
        {result && result.requests > 0 ? (
          <>
            <DryRunCells cells={result.cells} label={labelOf(dryRunNumbers(result))} />
            <dl className="flex shrink-0 gap-4 max-md:grid max-md:grid-cols-4 max-md:gap-2">
              {dryRunNumbers(result).map(({ key, word, count }) => (
                <div key={key}>
                  <dt className="flex items-center gap-1.5 whitespace-nowrap text-muted text-xs max-md:items-baseline max-md:whitespace-normal">
                    <span className={cn("size-2 rounded-[2px]", DOTS[key])} />
                    {word}
                  </dt>
                  <dd className="text-right font-semibold text-base tabular-nums max-md:text-left">
                    {formatCount(count)}
                  </dd>
                </div>
              ))}
            </dl>
          </>
        ) : null}
      </div>
      <div className="flex items-center justify-end gap-2 max-md:[&>*]:flex-1">
        {isCurrent && changed > 0 ? (
          <Button size="lg" onClick={() => setListed(true)}>
            Show the {formatCount(changed)} that change
          </Button>
        ) : error ? (
          <Button size="lg" onClick={dryRun.run}>
            Run again
          </Button>
        ) : null}
        {children}
      </div>
      {result ? <ChangedRequests run={result} isOpen={isListed} onOpenChange={setListed} /> : null}
    </div>
  );
}

const labelOf = (numbers: readonly DryRunNumber[]) =>
  numbers.map(({ word, count }) => `${formatCount(count)} ${word}`).join(", ");
