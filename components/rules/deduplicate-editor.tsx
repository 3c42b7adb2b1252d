"use client";

import { useMemo } from "react";
import { useMay } from "#components/data/may.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { DeduplicateRule } from "#server/contracts/rule.ts";
import { MAX_DRY_RUN_REQUESTS } from "#server/contracts/rule-limits.ts";
import { DeduplicateDistances } from "./deduplicate-distances.tsx";
import { PickFields } from "./pick-fields.tsx";
import { RuleCard, RuleSentence, SaveBar } from "./rule-card.tsx";
import { useRuleDraft } from "./rule-draft.ts";
import { withRule } from "./rule-list.ts";
import { LOOK_ONLY, RuleShell } from "./rule-shell.tsx";
import { SpanField } from "./span-field.tsx";
import { useDryRun } from "./use-dry-run.ts";
import { useSamples } from "./use-samples.ts";

interface Draft {
  window: number;
  mode: "only" | "but";
  fields: string[];
}

const draftOf = (rule: DeduplicateRule | undefined): Draft => ({
  window: rule?.window ?? 60_000,
  mode: rule?.exclude_fields ? "but" : "only",
  fields: rule?.include_fields ?? rule?.exclude_fields ?? [],
});

const ruleOf = ({ window, mode, fields }: Draft): DeduplicateRule => ({
  type: "deduplicate",
  window,
  ...(fields.length === 0 ? {} : mode === "only" ? { include_fields: fields } : { exclude_fields: fields }),
});

/** What makes two requests the same, picked from a real one, and how many of the last would have been dropped. */
export function DeduplicateEditor({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const isReadOnly = !useMay("connection.write");
  const saved = connection.rules.find((rule) => rule.type === "deduplicate");
  const kept = useRuleDraft(connection.id, "deduplicate", saved, (rule) =>
    draftOf(rule as DeduplicateRule | undefined),
  );
  const { draft, setDraft } = kept;
  const choice = useSamples(connection.source_id);
  const rule = useMemo(() => ruleOf(draft), [draft]);
  const rules = useMemo(
    () => (isReadOnly ? null : withRule(connection.rules, "deduplicate", rule)),
    [rule, connection.rules, isReadOnly],
  );
  const dryRun = useDryRun(connection.id, rules, MAX_DRY_RUN_REQUESTS);
  const index = rules?.findIndex(({ type }) => type === "deduplicate") ?? -1;
  const warnings = dryRun.result?.warnings.filter(({ path }) => path.startsWith(`rules[${index}]`)) ?? [];
  const { result } = dryRun;
  return (
    <RuleShell
      connection={connection}
      type="deduplicate"
      drafted={{ rule, problem: null }}
      draft={kept}
      onClose={onClose}
      run={dryRun.run}
      step={choice.step}
      waitsFor={dryRun.waitsFor}
      warnings={dryRun.isCurrent ? warnings : []}
      footer={(save) => (
        <SaveBar
          note={
            (isReadOnly ? LOOK_ONLY : dryRun.error?.message) ??
            (dryRun.isRunning || !result
              ? "Counting duplicates…"
              : `Tried on the last ${formatCount(result.requests)} requests: ${formatCount(result.newly_duplicate.count)} that go on today would be dropped.`)
          }
        >
          {save}
        </SaveBar>
      )}
    >
      <RuleCard type="deduplicate" note="sees the request as it came, before the transform">
        <RuleSentence>
          <Sentence draft={draft} /> within{" "}
          <SpanField
            label="Window"
            ms={draft.window}
            min={1000}
            max={3_600_000}
            onChange={(window) => setDraft({ ...draft, window })}
            isReadOnly={isReadOnly}
          />
          . The first one wins; later ones do not extend the window.
        </RuleSentence>
        <div className="grid grid-cols-[minmax(0,1fr)_minmax(260px,38%)] gap-7 max-wide:grid-cols-1">
          <div>
            <div className="mb-2 flex flex-wrap items-center justify-between gap-2 text-muted text-xs">
              <span>Tick the fields that decide, in a real request</span>
              {isReadOnly ? null : (
                <Segmented
                  label="What the fields mean"
                  options={[
                    { value: "only", label: "Only these" },
                    { value: "but", label: "All but these" },
                  ]}
                  value={draft.mode}
                  onChange={(mode) => setDraft({ ...draft, mode })}
                />
              )}
            </div>
            <PickFields
              choice={choice}
              fields={draft.fields}
              onChange={(fields) => setDraft({ ...draft, fields })}
              isReadOnly={isReadOnly}
            />
          </div>
          <DeduplicateDistances run={result} windowMs={draft.window} isCurrent={dryRun.isCurrent} />
        </div>
      </RuleCard>
    </RuleShell>
  );
}

function Sentence({ draft: { mode, fields } }: { draft: Draft }) {
  if (fields.length === 0) return <>Two requests are the same when body, query and path are equal</>;
  return (
    <>
      Two requests are the same when {mode === "only" ? "" : "all but "}
      {fields.map((field, index) => (
        <span key={field}>
          {index === 0 ? "" : index === fields.length - 1 ? " and " : ", "}
          <b className="font-mono font-semibold text-sm [overflow-wrap:anywhere]">{field}</b>
        </span>
      ))}{" "}
      {fields.length === 1 && mode === "only" ? "is equal" : "are equal"}
    </>
  );
}
