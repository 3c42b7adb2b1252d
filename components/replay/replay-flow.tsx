"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { Button } from "#components/ui/button.tsx";
import type { ReplayAsk } from "./ask.ts";
import { issuesOf, planOf, startOf } from "./calls.ts";
import { readCap, suggestedCap } from "./cap.ts";
import { OperationRun } from "./operation-run.tsx";
import { NothingView, PlanningView, PlanView } from "./plan-view.tsx";
import { ReplayFrame } from "./replay-frame.tsx";
import { ScopeForm } from "./scope-form.tsx";
import { countWords, unitOf, verbWords } from "./words.ts";

const TITLES: Record<ReplayAsk["kind"], string> = {
  "retry-events": "Replay events",
  "cancel-events": "Cancel events",
  "retry-requests": "Route requests again",
  replay: "Replay events",
};

const isOpenScope = (ask: ReplayAsk) =>
  ask.kind === "replay" && !ask.input.source && !ask.input.connection_id && !ask.input.destination_id;

interface ReplayFlowProps {
  ask: ReplayAsk;
  close: () => void;
}

/** Scope, plan, and what became of it. */
export function ReplayFlow({ ask: first, close }: ReplayFlowProps) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const names = useNames();
  const [ask, setAsk] = useState(first);
  const [isScoping, setScoping] = useState(() => isOpenScope(first));
  const [typedCap, setTypedCap] = useState<string>();
  const plan = useQuery({
    queryKey: ["replay-plan", ask],
    queryFn: ({ signal }) => planOf(api, ask, signal),
    enabled: !isScoping,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const suggested = suggestedCap(plan.data?.destinations[0]);
  const capText = typedCap ?? (suggested === null ? "" : String(suggested));
  const cap = readCap(capText);
  const start = useMutation({
    mutationFn: () => startOf(api, ask, cap ?? null),
    onSuccess: () => queries.invalidateQueries({ queryKey: trpc.bulk.list.queryKey() }),
  });

  if (start.data) return <OperationRun id={start.data.id} close={close} />;
  if (isScoping || plan.isError) {
    return (
      <ScopeForm
        title={TITLES[ask.kind]}
        ask={ask}
        names={names}
        error={isScoping ? undefined : plan.error}
        close={close}
        onCount={(next) => {
          setAsk(next);
          setScoping(false);
          // The same question once more is counted anew.
          if (JSON.stringify(next) === JSON.stringify(ask)) void plan.refetch();
        }}
      />
    );
  }
  const back = () => setScoping(true);
  if (!plan.data || plan.isFetching) return <PlanningView title={TITLES[ask.kind]} />;
  const title = verbWords(plan.data);
  if (plan.data.count === 0) return <NothingView title={title} plan={plan.data} back={back} close={close} />;
  const isCancel = ask.kind === "cancel-events";
  const capIssue = issuesOf(start.error).find(({ path }) => path === "rate_limit");
  const count = countWords(plan.data.count, unitOf(plan.data));
  return (
    <ReplayFrame
      title={title}
      note={
        start.error && !capIssue ? (
          <span role="alert" className="text-failed">
            {start.error.message}
          </span>
        ) : isCancel ? (
          "What is on the wire finishes."
        ) : (
          "Can be cancelled at any time."
        )
      }
      footer={
        <>
          <Button size="lg" onClick={back}>
            Back
          </Button>
          <Button
            size="lg"
            kind={isCancel ? "danger-solid" : "primary"}
            {...(isCancel ? {} : { icon: "replay" as const })}
            isBusy={start.isPending}
            disabled={cap === undefined}
            onClick={() => start.mutate()}
          >
            {isCancel ? "Cancel" : unitOf(plan.data) === "request" ? "Route" : "Replay"} {count}
          </Button>
        </>
      }
    >
      <PlanView
        plan={plan.data}
        names={names}
        cap={{
          text: capText,
          value: cap,
          error: cap === undefined ? "Write a whole number from 1 to 1,000,000, or leave it empty." : capIssue?.message,
          set: setTypedCap,
        }}
      />
    </ReplayFrame>
  );
}
