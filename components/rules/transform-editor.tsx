"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { TransformRule } from "#server/contracts/rule.ts";
import { DryRunBar, LIMITS } from "./dry-run-bar.tsx";
import { RuleCard, RuleSentence } from "./rule-card.tsx";
import { useRuleDraft } from "./rule-draft.ts";
import { withRule } from "./rule-list.ts";
import { LOOK_ONLY, RuleShell } from "./rule-shell.tsx";
import { useDryRun } from "./use-dry-run.ts";

const MOST_LISTED = 255;

/** Which transformation a connection runs. Its code has a page of its own. */
export function TransformEditor({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const isReadOnly = !useMay("connection.write");
  const saved = connection.rules.find((rule) => rule.type === "transform");
  const kept = useRuleDraft<{ id: string }>(connection.id, "transform", saved, (rule) => ({
    id: (rule as TransformRule | undefined)?.transformation_id ?? "",
  }));
  const { id } = kept.draft;
  const { data } = useQuery(useTRPC().transformations.list.queryOptions({ limit: MOST_LISTED }));
  const [limit, setLimit] = useState<number>(LIMITS[0]);
  const rule: TransformRule | null = useMemo(
    () => (id === "" ? null : { type: "transform", transformation_id: id }),
    [id],
  );
  const rules = useMemo(
    () => (rule && !isReadOnly ? withRule(connection.rules, "transform", rule) : null),
    [rule, connection.rules, isReadOnly],
  );
  const dryRun = useDryRun(connection.id, rules, limit);
  const chosen = data?.data.find((one) => one.id === id);
  const problem = rule ? null : "Choose a transformation.";
  return (
    <RuleShell
      connection={connection}
      type="transform"
      drafted={rule ? { rule, problem: null } : { rule: null, problem: "Choose a transformation." }}
      draft={kept}
      onClose={onClose}
      run={dryRun.run}
      waitsFor={dryRun.waitsFor}
      warnings={dryRun.isCurrent ? (dryRun.result?.warnings ?? []) : []}
      footer={(save) => (
        <DryRunBar dryRun={dryRun} limit={limit} onLimit={setLimit} problem={isReadOnly ? LOOK_ONLY : problem}>
          {save}
        </DryRunBar>
      )}
    >
      <RuleCard type="transform" note="runs after deduplicate and before the filter, which sees what it returns">
        <RuleSentence>Each request goes through this code before it is filtered and sent:</RuleSentence>
        <div className="max-w-[380px]">
          <Combobox
            aria-label="Transformation"
            searchLabel="Find a transformation"
            placeholder="Choose a transformation…"
            options={(data?.data ?? []).map(({ id: value, name, version }) => ({
              value,
              label: name,
              note: <span className="text-muted text-xs">v{version}</span>,
            }))}
            value={id === "" ? undefined : id}
            onChange={(value) => kept.setDraft({ id: value })}
            isDisabled={isReadOnly}
          />
        </div>
        <p className="mt-3 text-muted text-xs">
          {chosen?.unusable_because ? <span className="text-failed">{chosen.unusable_because} </span> : null}
          {id === "" ? (
            <Link prefetch={false} href="/transformations" className="underline underline-offset-4">
              All transformations
            </Link>
          ) : (
            <Link prefetch={false} href={`/transformations/${id}`} className="underline underline-offset-4">
              Open the code of {chosen?.name ?? id}
            </Link>
          )}
          . A request on which it fails is ignored and kept, with the reason.
        </p>
      </RuleCard>
    </RuleShell>
  );
}
