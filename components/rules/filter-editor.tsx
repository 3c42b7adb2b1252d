"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { readJsonLines } from "#components/data/json-lines.ts";
import { useMay } from "#components/data/may.tsx";
import { cn } from "#components/ui/class-names.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { FilterRule } from "#server/contracts/rule.ts";
import { jsonText } from "#server/json/show.ts";
import { DryRunBar, LIMITS } from "./dry-run-bar.tsx";
import { draftOfRule, readFilter, refusedFilter, textLine, withRows, withText } from "./filter-draft.ts";
import { rowsProblem } from "./filter-rows.ts";
import { emptyRow, FilterRowsView } from "./filter-rows-view.tsx";
import { judgeFilter, judgeRows, lineOfMismatch, type RowVerdict, type Seen } from "./filter-verdict.ts";
import { JsonEditor } from "./json-editor.tsx";
import { knownPaths } from "./payload-paths.ts";
import { useRuleDraft } from "./rule-draft.ts";
import { withRule } from "./rule-list.ts";
import { LOOK_ONLY, RuleShell } from "./rule-shell.tsx";
import { SamplePane } from "./sample-pane.tsx";
import { useDryRun } from "./use-dry-run.ts";
import { useSamples, useSeen } from "./use-samples.ts";

const VIEWS = ["both", "rows", "json"] as const;
const NO_VERDICTS: ReadonlyMap<number, RowVerdict> = new Map();

/** A filter as rows and as JSON, beside a recent request, over what it would have done with the last ones. */
export function FilterEditor({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const isReadOnly = !useMay("connection.write");
  const [view, setView] = useQueryState("form", parseAsStringLiteral(VIEWS).withDefault("both"));
  const saved = connection.rules.find((rule) => rule.type === "filter");
  const transform = connection.rules.find((rule) => rule.type === "transform");
  const kept = useRuleDraft(connection.id, "filter", saved, (rule) => draftOfRule(rule as FilterRule | undefined));
  const { draft, setDraft } = kept;
  const read = useMemo(() => readFilter(draft.text), [draft.text]);
  const problem = read.problem !== null && draft.text.trim() !== "{}" ? read.problem : rowsProblem(draft.rows);
  const filter = problem === null ? read.filter : null;
  const choice = useSamples(connection.source_id);
  const { seen, failure } = useSeen(choice.sample, transform?.transformation_id);
  const [limit, setLimit] = useState<number>(LIMITS[0]);
  const rules = useMemo(
    () => (filter && !isReadOnly ? withRule(connection.rules, "filter", filter) : null),
    [filter, connection.rules, isReadOnly],
  );
  const dryRun = useDryRun(connection.id, rules, limit);
  const refused = dryRun.refused ? refusedFilter(draft.text, dryRun.refused) : null;

  const verdicts = useMemo(() => (seen ? judgeRows(draft.rows, seen) : NO_VERDICTS), [draft.rows, seen]);
  const whole = useMemo(() => (seen && read.filter ? judgeFilter(read.filter, seen) : null), [read.filter, seen]);
  const paths = useMemo(() => {
    const requests = transform ? (seen ? [seen.request] : []) : choice.samples.map(({ request }) => request);
    return knownPaths(requests, choice.sample?.event_type ?? null);
  }, [transform, seen, choice.samples, choice.sample]);
  const markedLine = useMemo(
    () => read.line ?? refused?.line ?? markOf(draft.text, whole),
    [read.line, refused?.line, draft.text, whole],
  );
  const pick = (path: string) => {
    const value = paths.find((one) => one.path === path)?.example ?? "";
    setDraft(withRows([...draft.rows, emptyRow(draft.rows, path, value.endsWith("…") ? "" : value)]));
  };
  const index = rules?.findIndex(({ type }) => type === "filter") ?? -1;
  const warnings = dryRun.result?.warnings.filter(({ path }) => path.startsWith(`rules[${index}]`)) ?? [];

  return (
    <RuleShell
      connection={connection}
      type="filter"
      drafted={filter ? { rule: filter, problem: null } : { rule: null, problem: problem ?? "" }}
      draft={kept}
      onClose={onClose}
      waitsFor={refused?.problem ?? dryRun.waitsFor}
      run={dryRun.run}
      step={choice.step}
      warnings={dryRun.isCurrent ? warnings : []}
      footer={(save) => (
        <DryRunBar
          dryRun={dryRun}
          limit={limit}
          onLimit={setLimit}
          problem={isReadOnly ? LOOK_ONLY : (problem ?? refused?.problem ?? null)}
        >
          {save}
        </DryRunBar>
      )}
    >
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(320px,34%)] max-wide:block max-wide:flex-none">
        <div className="flex min-h-0 flex-col overflow-y-auto max-wide:overflow-visible">
          <div className="flex items-center justify-between px-5 pt-3 pb-1.5 max-md:px-3.5">
            <h2 className="font-semibold">Let an event pass when</h2>
            <Segmented
              label="The form of the filter"
              options={[
                { value: "rows", label: "Rows" },
                { value: "both", label: "Both" },
                { value: "json", label: "JSON" },
              ]}
              value={view}
              onChange={(next) => void setView(next === "both" ? null : next)}
            />
          </div>
          {view === "json" ? null : (
            <div className="flex-1 px-3 pb-3 max-md:px-1.5">
              <FilterRowsView
                rows={draft.rows}
                onChange={(rows) => setDraft(withRows(rows))}
                verdicts={verdicts}
                paths={paths}
                isReadOnly={isReadOnly}
              />
            </div>
          )}
          {view === "rows" ? null : (
            <div
              className={cn(
                "flex min-h-[200px] flex-col border-line px-5 pb-2 max-md:px-3.5",
                view === "both" ? "h-[270px] shrink-0 border-t" : "flex-1",
              )}
            >
              <div className="flex items-center justify-between gap-2 py-1.5 text-xs">
                <p className={read.problem && draft.text.trim() !== "{}" ? "text-failed" : "text-muted"} role="status">
                  {read.problem && draft.text.trim() !== "{}"
                    ? `${read.problem} The rows are as they were.`
                    : "The same rules as JSON. Both sides follow each other."}
                </p>
                <CopyButton text={draft.text} what="filter" />
              </div>
              <div className="min-h-0 flex-1">
                <JsonEditor
                  label="The filter as JSON"
                  text={draft.text}
                  onChange={(text) => setDraft(withText(draft, text))}
                  isReadOnly={isReadOnly}
                  markedLine={markedLine}
                />
              </div>
            </div>
          )}
        </div>
        <div className="min-h-0 overflow-y-auto border-line border-l max-wide:overflow-visible max-wide:border-t max-wide:border-l-0">
          <SamplePane
            choice={choice}
            seen={seen}
            failure={failure}
            isTransformed={transform !== undefined}
            rows={draft.rows}
            verdicts={verdicts}
            onPick={isReadOnly ? undefined : pick}
            verdict={
              whole && seen ? <Verdict verdict={whole} saved={saved as FilterRule | undefined} seen={seen} /> : null
            }
          />
        </div>
      </div>
    </RuleShell>
  );
}

/** The line of the JSON with the clause that decides. */
function markOf(text: string, verdict: RowVerdict | null): number | null {
  if (!verdict?.mismatch) return null;
  const doc = readJsonLines(text);
  const index = doc ? lineOfMismatch(doc, verdict.mismatch) : undefined;
  const line = doc && index !== undefined ? doc.lines[index] : undefined;
  return line ? textLine(text, line.start) : null;
}

function Verdict({ verdict, saved, seen }: { verdict: RowVerdict; saved: FilterRule | undefined; seen: Seen }) {
  const today = judgeFilter(saved, seen);
  const now = today.holds ? "it passes" : "it is ignored";
  const { mismatch } = verdict;
  return (
    <div
      role="status"
      className={cn(
        "flex gap-2 border-line border-b px-5 py-2.5 max-md:px-3.5",
        verdict.holds ? "bg-delivered-bg text-delivered" : "bg-ignored-bg text-ignored",
      )}
    >
      <Icon name={verdict.holds ? "delivered" : "ignored"} className="mt-0.5" />
      <div className="min-w-0 text-ink">
        <b className="font-semibold">{verdict.holds ? "Passes this filter" : "Ignored by this filter"}</b>
        <p className="text-ink-2 text-xs [overflow-wrap:anywhere]">
          {mismatch ? (
            <>
              <code className="font-mono">{mismatch.path}</code> decides: it is{" "}
              {mismatch.actual === undefined ? "missing" : jsonText(mismatch.actual, 60)}.{" "}
            </>
          ) : null}
          By the saved rules {now}.
        </p>
      </div>
    </div>
  );
}
