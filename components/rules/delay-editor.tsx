"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { StateLabel } from "#components/ui/event-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Segmented } from "#components/ui/segmented.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { DelayRule } from "#server/contracts/rule.ts";
import { MAX_DELAY_MS } from "#server/contracts/rule-limits.ts";
import { RuleCard, RuleSentence, SaveBar } from "./rule-card.tsx";
import { useRuleDraft } from "./rule-draft.ts";
import { LOOK_ONLY, RuleShell } from "./rule-shell.tsx";
import { SpanField } from "./span-field.tsx";

const USUAL_MS = [30_000, 300_000, 3_600_000];
const FRESH: DelayRule = { type: "delay", delay: 300_000 };
const WORDS: Record<number, string> = { 30000: "30 s", 300000: "5 min", 3600000: "1 h" };

/** How long each event waits before its first try. */
export function DelayEditor({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const isReadOnly = !useMay("connection.write");
  const saved = connection.rules.find((rule) => rule.type === "delay");
  const kept = useRuleDraft(connection.id, "delay", saved, (rule) => (rule as DelayRule | undefined) ?? FRESH);
  const { draft, setDraft } = kept;
  const set = (delay: number) => setDraft({ type: "delay", delay });
  const { data } = useQuery(
    useTRPC().events.list.queryOptions({ connection_id: [connection.id], status: ["SCHEDULED"], limit: 100 }),
  );
  const waiting = data
    ? waitingWords(data.data.length, data.pagination.next !== null)
    : "Those that wait now keep theirs";
  return (
    <RuleShell
      connection={connection}
      type="delay"
      drafted={{ rule: draft, problem: null }}
      draft={kept}
      onClose={onClose}
      footer={(save) => (
        <SaveBar note={isReadOnly ? LOOK_ONLY : "It holds for the next request; what waits already keeps its time."}>
          {save}
        </SaveBar>
      )}
    >
      <RuleCard type="delay">
        <RuleSentence>
          Each event waits{" "}
          <SpanField
            label="How long"
            ms={draft.delay}
            min={1}
            max={MAX_DELAY_MS}
            onChange={set}
            isReadOnly={isReadOnly}
          />{" "}
          as <StateLabel state="SCHEDULED" /> before its first try. {waiting}; a change applies to new ones.
        </RuleSentence>
        {isReadOnly ? null : (
          <Segmented
            label="Usual lengths"
            options={[
              ...USUAL_MS.map((ms) => ({ value: String(ms), label: WORDS[ms] ?? "" })),
              ...(USUAL_MS.includes(draft.delay) ? [] : [{ value: String(draft.delay), label: "Other" }]),
            ]}
            value={String(draft.delay)}
            onChange={(value) => set(Number(value))}
          />
        )}
      </RuleCard>
    </RuleShell>
  );
}

function waitingWords(count: number, hasMore: boolean): string {
  if (count === 0) return "None waits now";
  return `${formatCount(count)}${hasMore ? " and more" : ""} ${count === 1 ? "waits" : "wait"} now`;
}
