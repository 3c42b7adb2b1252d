"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { PageBar } from "#components/frame/page-bar.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { DriftWay } from "./drift-view.tsx";
import { type FlowsTab, useFlowsUrl } from "./flows-url.ts";
import { type Choices, choiceKey } from "./plan-words.ts";
import { useFlows } from "./use-flows.ts";

// One of them is looked at.
const PlanView = dynamic(() => import("./plan-view.tsx").then((file) => file.PlanView));
const DriftView = dynamic(() => import("./drift-view.tsx").then((file) => file.DriftView));
const VersionsView = dynamic(() => import("./versions-view.tsx").then((file) => file.VersionsView));

interface Draft {
  text: string;
  choices: Choices;
}

/** The choices of a way out of drift: the file's value for its resource, and what runs for every other. */
function choicesOf({ flow, resource, take }: DriftWay): Choices {
  const choices = flow.resources.flatMap((each) =>
    each.drift.map(({ path }) => {
      const isMeant = each.id === resource.id;
      return [choiceKey(each, path), isMeant ? take : "runs"] as const;
    }),
  );
  return new Map(choices);
}

/** The configuration as files and as versions: what a file would change, what differs from it, and what was. */
export function FlowsPage() {
  const [{ tab, flow: name, prune }, set] = useFlowsUrl();
  const api = useTRPCClient();
  const flows = useFlows();
  const [draft, setDraft] = useState<Draft | null>(null);
  const applied = flows.data?.data;
  const shown = applied?.find((flow) => flow.name === name) ?? applied?.[0];
  const { text, choices } = draft ?? { text: shown?.text ?? "", choices: new Map() };
  const drifted = applied?.reduce((sum, { drifted_count }) => sum + drifted_count, 0) ?? 0;
  const options: { value: FlowsTab; label: string }[] = [
    { value: "plan", label: "Plan" },
    { value: "drift", label: drifted > 0 ? `Drift ${drifted}` : "Drift" },
    { value: "versions", label: "Versions" },
  ];
  const go = (next: FlowsTab) => void set({ tab: next, v: null, against: null });
  const takeWay = async (way: DriftWay) => {
    const source = way.flow.resources.find(({ kind }) => kind === "source");
    try {
      const file =
        way.take === "runs" && source ? (await api.flows.export.query({ source_id: source.id })).text : way.flow.text;
      setDraft({ text: file, choices: choicesOf(way) });
      go("plan");
    } catch (error) {
      showToast({ kind: "failed", text: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageBar title="Flows">
        <Segmented label="What is shown" options={options} value={tab} onChange={go} />
      </PageBar>
      {tab === "plan" ? (
        <PlanView
          text={text}
          onText={(next) => setDraft({ text: next, choices })}
          prune={prune}
          onPrune={(next) => void set({ prune: next })}
          choices={choices}
          onChoices={(next) => setDraft({ text, choices: next })}
        />
      ) : null}
      {tab === "drift" ? (
        <DriftView flows={flows} onWay={(way) => void takeWay(way)} toPlan={() => go("plan")} />
      ) : null}
      {tab === "versions" ? <VersionsView /> : null}
    </div>
  );
}
