"use client";

import { DiffView } from "#components/data/diff-view.tsx";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import type { TransformError } from "#server/contracts/why.ts";
import { PaneHead, PaneNote, PartLabel } from "./pane.tsx";
import { RequestLines } from "./request-lines.tsx";
import { bodyText, headerText, lineText } from "./request-text.ts";
import type { Run } from "./use-run.ts";

const OUTPUTS = [
  { value: "diff", label: "Diff" },
  { value: "whole", label: "Whole" },
] as const;

const WORDS: Record<TransformError["kind"], string> = {
  threw: "threw",
  timed_out: "took too long",
  out_of_memory: "needs too much memory",
  no_return_value: "returned nothing",
  bad_output: "returned no request",
  syntax_error: "does not parse",
};

interface OutputPaneProps {
  run: Run;
  input: TransformRequest | undefined;
  view: "diff" | "whole";
  onView: (view: "diff" | "whole") => void;
  goTo: (line: number) => void;
  isAllowed: boolean;
}

/** What the code made of the input: what is different, or all of it, or why it gave nothing. */
export function OutputPane({ run, input, view, onView, goTo, isAllowed }: OutputPaneProps) {
  const { answer, refusal, isRunning } = run;
  return (
    <section
      aria-label="Output"
      aria-busy={isRunning || undefined}
      className="flex min-h-0 flex-1 flex-col border-line border-t"
    >
      <PaneHead title="Output" end={isAllowed ? <Verdict run={run} /> : undefined}>
        <Segmented label="How the output is shown" options={OUTPUTS} value={view} onChange={onView} />
      </PaneHead>
      <div className="min-h-0 flex-1 overflow-auto">
        {isAllowed ? null : <PaneNote>Running it needs a member of the team. An owner can change your role.</PaneNote>}
        {refusal ? (
          <p role="alert" className="px-5 pb-3 text-failed max-md:px-3.5">
            {refusal}
          </p>
        ) : null}
        {answer?.error ? <Failure error={answer.error} goTo={goTo} /> : null}
        {answer?.request && view === "whole" ? <RequestLines what="output" request={answer.request} /> : null}
        {answer?.request && input && view === "diff" ? <Differences before={input} after={answer.request} /> : null}
      </div>
    </section>
  );
}

function Verdict({ run: { answer, refusal, isRunning } }: { run: Run }) {
  const look = "inline-flex items-center gap-1.5 whitespace-nowrap font-medium";
  return (
    <span role="status" className="inline-flex">
      {isRunning ? (
        <span className={`${look} text-muted`}>running</span>
      ) : refusal || !answer ? null : answer.error ? (
        <span className={`${look} text-failed`}>
          <Icon name="failed" />
          {WORDS[answer.error.kind]}
        </span>
      ) : (
        <span className={`${look} text-delivered`}>
          <Icon name="delivered" />
          returned
        </span>
      )}
    </span>
  );
}

function Failure({ error, goTo }: { error: TransformError; goTo: (line: number) => void }) {
  const { line } = error;
  return (
    <div className="mx-5 mb-3 rounded-md border border-line bg-failed-bg px-3 py-2 max-md:mx-3.5">
      <p className="font-mono text-failed text-xs [overflow-wrap:anywhere]">{visibleText(error.message)}</p>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-ink-2 text-xs">
        A request that it fails on is left out, never sent as it came.
        {line === null ? null : (
          <Button size="sm" onClick={() => goTo(line)}>
            Go to line {line}
          </Button>
        )}
      </p>
    </div>
  );
}

function Differences({ before, after }: { before: TransformRequest; after: TransformRequest }) {
  const parts = [
    { name: "body", texts: [bodyText(before.body), bodyText(after.body)] },
    { name: "headers", texts: [headerText(before.headers), headerText(after.headers)] },
    { name: "method, path, query", texts: [lineText(before), lineText(after)] },
  ].filter(({ texts: [one, two] }) => one !== two);
  if (parts.length === 0) return <PaneNote>The request goes out as it came.</PaneNote>;
  return (
    <div className="grid gap-2 pb-3 [&>*]:min-w-0">
      {parts.map(({ name, texts: [one = "", two = ""] }) => (
        <section key={name}>
          <PartLabel>{name}</PartLabel>
          <DiffView label={`What is different in ${name}`} before={one} after={two} isUnified hasCount={false} />
        </section>
      ))}
    </div>
  );
}
