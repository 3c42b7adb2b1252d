"use client";

import { type ReactNode, useMemo, useState } from "react";
import { JsonText } from "#components/data/code-lines.tsx";
import { LineNumber, Lines } from "#components/data/code-view.tsx";
import { pathOf } from "#components/data/json-lines.ts";
import { IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { Icon } from "#components/ui/icon.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import type { FilterRow } from "./filter-rows.ts";
import { linesOf, marksOf, type RowVerdict, type Seen } from "./filter-verdict.ts";
import type { SampleChoice } from "./use-samples.ts";

const PARTS = ["body", "headers", "query", "path"] as const;
type Part = (typeof PARTS)[number];

/** The head of a pane with a recent request: which one, and the way to older and newer ones. */
export function SampleHead({ choice }: { choice: SampleChoice }) {
  const { samples, sample, at, hasOlder, hasNewer, step } = choice;
  return (
    <div className="border-line border-b px-5 py-2.5 max-md:px-3.5">
      <div className="flex items-center gap-1">
        <h2 className="mr-auto font-semibold">A recent request</h2>
        <IconButton icon="left" size="sm" label="Older ([)" disabled={!hasOlder} onClick={() => step(1)} />
        <span className="text-muted text-xs tabular-nums">
          {samples.length === 0
            ? "none"
            : `${at + 1} of ${samples.length}${hasOlder && at === samples.length - 1 ? "+" : ""}`}
        </span>
        <IconButton icon="right" size="sm" label="Newer (])" disabled={!hasNewer} onClick={() => step(-1)} />
      </div>
      {sample ? (
        <p className="mt-1 flex items-baseline justify-between gap-2">
          <span className="truncate font-mono text-xs">{sample.event_type ?? sample.request_id}</span>
          <RelativeTime iso={sample.created_at} className="text-muted text-xs" />
        </p>
      ) : null}
    </div>
  );
}

interface SamplePaneProps {
  choice: SampleChoice;
  seen: Seen | undefined;
  /** Why there is nothing to see of the chosen one. */
  failure: string | null;
  isTransformed: boolean;
  verdict: ReactNode;
  rows: readonly FilterRow[];
  verdicts: ReadonlyMap<number, RowVerdict>;
  /** Makes a clause of a field. */
  onPick?: ((path: string) => void) | undefined;
}

/** A recent request beside the filter, with what the filter looks at marked in it. */
export function SamplePane(props: SamplePaneProps) {
  const { choice, seen, failure, isTransformed, verdict, rows, verdicts, onPick } = props;
  const [part, setPart] = useState<Part>("body");
  return (
    <section aria-label="A recent request" className="flex min-h-0 flex-col">
      <SampleHead choice={choice} />
      {verdict}
      {seen ? (
        <Tabs
          label="Parts of the request"
          value={part}
          onChange={setPart}
          tabs={PARTS.map((value) => ({
            value,
            label: value[0]?.toUpperCase() + value.slice(1),
            content: (
              <PayloadPart root={value} value={seen.request[value]} rows={rows} verdicts={verdicts} onPick={onPick} />
            ),
          }))}
        />
      ) : (
        <div className="px-5 py-4 text-muted max-md:px-3.5">
          {failure ??
            choice.error?.message ??
            (choice.isLoading || choice.sample ? (
              <Skeleton className="h-40" />
            ) : (
              "This source has no stored request yet: rules can be written all the same."
            ))}
        </div>
      )}
      {seen && isTransformed ? <p className="px-5 pt-1 pb-3 text-muted text-xs">As the transform leaves it.</p> : null}
    </section>
  );
}

interface PayloadPartProps {
  root: Part;
  value: unknown;
  rows: readonly FilterRow[];
  verdicts: ReadonlyMap<number, RowVerdict>;
  onPick?: ((path: string) => void) | undefined;
}

function PayloadPart({ root, value, rows, verdicts, onPick }: PayloadPartProps) {
  const doc = useMemo(() => linesOf(value), [value]);
  const marks = useMemo(() => (doc ? marksOf(doc, root, rows, verdicts) : new Map()), [doc, root, rows, verdicts]);
  if (!doc || value === undefined) return <p className="px-5 py-4 text-muted">There is none.</p>;
  return (
    <Lines
      label={`${root} of the request`}
      count={doc.lines.length}
      className="max-h-none py-2"
      line={(index) => {
        const mark = marks.get(index);
        const kind = doc.lines[index]?.kind;
        const path = pathOf(doc, index, root).replaceAll(/\[\d+\]/g, "");
        const canPick = onPick && kind !== "open" && kind !== "close";
        return (
          <div
            className={cn(
              "group flex h-[19px] items-center",
              mark?.holds === false && "bg-failed-bg shadow-[inset_2px_0_0_var(--failed-solid)]",
            )}
          >
            <LineNumber>{index + 1}</LineNumber>
            <JsonText doc={doc} index={index} />
            {mark ? (
              <span
                className={cn(
                  "ml-2 inline-flex items-center gap-1 text-2xs",
                  mark.holds ? "text-delivered" : "text-failed",
                )}
              >
                <Icon name={mark.holds ? "check" : "close"} size={12} />
                {mark.holds ? <span className="sr-only">holds</span> : mark.note}
              </span>
            ) : null}
            {canPick ? (
              <button
                type="button"
                tabIndex={-1}
                onClick={() => onPick(path)}
                className="sticky right-1 ml-auto hidden h-[19px] items-center rounded-xs bg-inset px-1.5 font-sans text-2xs text-muted hovered:text-ink group-hover:inline-flex"
              >
                Use {path}
              </button>
            ) : null}
          </div>
        );
      }}
    />
  );
}
