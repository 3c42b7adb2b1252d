"use client";

import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { AppliedFlows, FlowPlan } from "#server/contracts/flow.ts";
import { FilePane } from "./file-pane.tsx";
import { Losses } from "./losses.tsx";
import { MadeSecrets } from "./made-secrets.tsx";
import { PlanChange } from "./plan-change.tsx";
import { type Choices, chosen, lineMarks, lossesOf, missing, planCounts, type Take } from "./plan-words.ts";
import { type Planning, usePlan } from "./use-plan.ts";
import { changesWords } from "./version-words.ts";

const YamlEditor = dynamic(() => import("./yaml-editor.tsx").then((file) => file.YamlEditor), { ssr: false });

const NO_CHANGES: FlowPlan = {
  problems: [],
  fingerprint: null,
  is_empty: true,
  flows: [],
  changes: [],
  unchanged_count: 0,
  left: [],
  existing: [],
  warnings: [],
};

interface PlanViewProps {
  text: string;
  onText: (text: string) => void;
  prune: boolean;
  onPrune: (prune: boolean) => void;
  choices: Choices;
  onChoices: (choices: Choices) => void;
}

/** A file, and what applying it would change. */
export function PlanView({ text, onText, prune, onPrune, choices, onChoices }: PlanViewProps) {
  const planning = usePlan(text, prune);
  const [made, setMade] = useState<AppliedFlows["made_secrets"]>([]);
  const { plan } = planning;
  const marks = useMemo(() => lineMarks(plan ?? NO_CHANGES), [plan]);
  const onChoose = (key: string, take: Take) => onChoices(new Map(choices).set(key, take));
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_470px] max-wide:grid-cols-1 max-wide:overflow-y-auto">
      <div className="flex min-h-0 flex-col max-wide:min-h-[60vh]">
        <div className="min-h-0 flex-1 overflow-y-auto bg-canvas px-5 py-4 max-md:p-3">
          <MadeSecrets secrets={made} onClose={() => setMade([])} />
          <PlanBody planning={planning} isEmpty={text.trim() === ""} choices={choices} onChoose={onChoose} />
        </div>
        {plan ? (
          <ApplyBar
            plan={plan}
            planning={planning}
            choices={choices}
            prune={prune}
            onPrune={onPrune}
            onApplied={(applied) => {
              setMade(applied.made_secrets);
              onChoices(new Map());
              const count = applied.changes.length;
              showToast({
                kind: "done",
                text: count > 0 ? `${changesWords(count)} applied` : "The file is kept as it is",
              });
            }}
          />
        ) : null}
      </div>
      <FilePane text={text} onText={onText}>
        <YamlEditor label="Flow file" text={text} onChange={onText} marks={marks} />
      </FilePane>
    </div>
  );
}

interface PlanBodyProps {
  planning: Planning;
  isEmpty: boolean;
  choices: Choices;
  onChoose: (key: string, take: Take) => void;
}

function PlanBody({ planning, isEmpty, choices, onChoose }: PlanBodyProps) {
  const { plan, error, isStale, again } = planning;
  if (isEmpty) {
    return (
      <EmptyState title="No file yet">
        Write one, open one, or start from what runs with Export. What it would change stands here before anything is
        saved.
      </EmptyState>
    );
  }
  if (error && !plan) return <Banner kind="failed">{error}</Banner>;
  if (!plan) return <Skeleton className="h-40 w-full" />;
  return (
    <div className="grid gap-3">
      {isStale ? (
        <Banner
          kind="stale"
          action={
            <Button size="sm" onClick={again}>
              Plan again
            </Button>
          }
        >
          The configuration has changed since this plan.
        </Banner>
      ) : null}
      {plan.problems.length > 0 ? <Problems plan={plan} /> : <Sums plan={plan} />}
      {plan.warnings.map(({ line, message }) => (
        <Banner key={`${line} ${message}`} kind="warning">
          {line === null ? message : `Line ${line}: ${message}`}
        </Banner>
      ))}
      {plan.problems.length === 0 && plan.changes.length > 0 ? (
        <ul aria-label="Changes" className="overflow-hidden rounded-lg border border-line bg-surface">
          {plan.changes.map((change) => (
            <PlanChange
              key={`${change.action} ${change.kind} ${change.name}`}
              change={change}
              choices={choices}
              onChoose={onChoose}
            />
          ))}
        </ul>
      ) : null}
      {plan.problems.length === 0 && plan.changes.length === 0 ? (
        <EmptyState title="What runs is what the file says">Applying it changes nothing.</EmptyState>
      ) : null}
    </div>
  );
}

const Problems = ({ plan }: { plan: FlowPlan }) => (
  <section aria-label="Problems" role="alert" className="rounded-lg border border-line bg-surface px-4 py-3">
    <h2 className="font-semibold text-failed">
      {plan.problems.length === 1 ? "The file cannot be read" : `${plan.problems.length} places cannot be read`}
    </h2>
    <ul className="mt-1 grid gap-1">
      {plan.problems.map(({ line, column, path, message }) => (
        <li key={`${line}:${column} ${path} ${message}`} className="[overflow-wrap:anywhere]">
          {line === null ? null : (
            <span className="text-muted">
              Line {line}
              {column === null ? "" : `, column ${column}`}:{" "}
            </span>
          )}
          {message}
        </li>
      ))}
    </ul>
  </section>
);

function Sums({ plan }: { plan: FlowPlan }) {
  const counts = planCounts(plan);
  const sums = [
    { count: counts.create, words: "to make", look: "text-delivered" },
    { count: counts.update, words: "to change", look: "text-ink" },
    { count: counts.delete, words: "to remove", look: "text-failed" },
    {
      count: plan.unchanged_count,
      words: plan.unchanged_count === 1 ? "stays as it is" : "stay as they are",
      look: "text-ink",
    },
    { count: counts.drifted, words: "drifted: changed by hand", look: "text-hold" },
  ];
  return (
    <p className="flex flex-wrap items-baseline gap-x-5 gap-y-1 px-0.5">
      {sums
        .filter(({ count }) => count > 0)
        .map(({ count, words, look }) => (
          <span key={words} className="flex items-baseline gap-1.5 text-muted">
            <b className={`font-semibold text-[22px] leading-[26px] tracking-tight ${look}`}>{count}</b> {words}
          </span>
        ))}
    </p>
  );
}

interface ApplyBarProps {
  plan: FlowPlan;
  planning: Planning;
  choices: Choices;
  prune: boolean;
  onPrune: (prune: boolean) => void;
  onApplied: (applied: AppliedFlows) => void;
}

/** What is left to decide, and the press that does it all. */
function ApplyBar({ plan, planning, choices, prune, onPrune, onApplied }: ApplyBarProps) {
  const mayApply = useMay("connection.write");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { apply, applyError, isApplying, isBusy, isStale } = planning;
  const count = plan.changes.length;
  const why = missing(plan, choices, ticked);
  const left = plan.left.length;
  const run = () => {
    const applied = apply(chosen(plan, choices));
    applied.then(
      (result) => {
        setTicked(new Set());
        onApplied(result);
      },
      // The bar says it.
      () => {},
    );
  };
  return (
    <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t bg-surface px-5 py-2.5 max-md:px-3">
      <div className="grid min-w-0 flex-1 gap-1 max-md:basis-full">
        <p>
          <b className="font-semibold">{changesWords(count)}</b> in one step, or none.{" "}
          {why ? <span className="text-muted">{why}</span> : null}
        </p>
        {left > 0 || prune ? (
          <Checkbox state={prune} onChange={onPrune}>
            Remove what the file no longer declares{left > 0 ? ` (${left})` : ""}
          </Checkbox>
        ) : null}
        <Losses losses={lossesOf(plan)} ticked={ticked} onTick={setTicked} />
        {applyError && !isStale ? <p className="text-failed">{applyError}</p> : null}
      </div>
      {mayApply ? (
        <Button
          kind="primary"
          className="max-md:flex-1"
          disabled={why !== null || isApplying || isBusy || isStale}
          onClick={run}
        >
          {count > 0 ? `Apply ${changesWords(count)}` : "Keep this file"}
        </Button>
      ) : (
        <span className="text-muted text-xs">Who may change connections can apply it.</span>
      )}
    </footer>
  );
}
