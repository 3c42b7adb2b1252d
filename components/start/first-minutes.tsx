"use client";

import { useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LoadDemo } from "./load-demo.tsx";
import { MakeSource } from "./make-source.tsx";
import { SeeItArrive } from "./see-it-arrive.tsx";
import { SendWebhook } from "./send-webhook.tsx";
import { type StepState, Wire } from "./step.tsx";
import { useFirstMinutes } from "./use-first-minutes.ts";

interface FirstMinutesProps {
  /** Called when the person connects: the page keeps the steps until `onDone`, although there is a connection then. */
  onConnecting?: () => void;
  /** Leads on when all is done. */
  onDone?: { label: string; run(): void };
}

const stateOf = (isReached: boolean, isDone: boolean): StepState => (isDone ? "done" : isReached ? "now" : "later");

/** A team without a connection, from nothing to the first delivered webhook without leaving the page. */
export function FirstMinutes(props: FirstMinutesProps) {
  return useMay("source.write") ? <Steps {...props} /> : <NothingYet />;
}

/** For those who may only look: no step of theirs would be accepted. */
const NothingYet = () => (
  <div className="mx-auto max-w-md">
    <EmptyState title="Nothing is connected yet">
      A member of the team makes the first source and connects it. It appears here as soon as it is there.
    </EmptyState>
  </div>
);

function Steps({ onConnecting = () => {}, onDone }: FirstMinutesProps) {
  const mayLoadDemo = useMay("resources.delete");
  const state = useFirstMinutes();
  const { source, latest, arrived, connection, event } = state;
  // Shown to nobody again by the server, so it lives as long as this page does.
  const [secret, setSecret] = useState<{ sourceId: string; text: string }>();
  const hasArrived = arrived !== undefined;
  const isDelivered = connection !== undefined && event?.status === "DELIVERED";
  return (
    <section aria-labelledby="first-minutes" className="mx-auto max-w-[1112px]">
      <header className="mb-9 text-center max-md:mb-4 max-md:text-left">
        <h2 id="first-minutes" className="font-semibold text-xl leading-7 tracking-[-0.015em]">
          Three steps to the first webhook
        </h2>
        <p className="mt-1 text-base text-muted">
          Everything below is live: this page moves on by itself as soon as something arrives.
        </p>
      </header>
      <ol
        aria-busy={state.isLoading}
        className="lg:grid lg:grid-cols-[minmax(0,300fr)_44px_minmax(0,448fr)_44px_minmax(0,276fr)] lg:items-center"
      >
        <MakeSource
          source={source}
          isDone={source !== undefined}
          onMade={(made, text) => {
            if (text !== null) setSecret({ sourceId: made.id, text });
            state.lookAgain();
          }}
        />
        <Wire isDone={source !== undefined} />
        <SendWebhook
          source={source}
          secret={secret?.sourceId === source?.id ? secret?.text : undefined}
          latest={latest}
          state={stateOf(source !== undefined, hasArrived)}
          onSent={state.lookAgain}
        />
        <Wire isDone={hasArrived} />
        <SeeItArrive
          source={source}
          arrived={arrived}
          connection={connection}
          event={event}
          state={stateOf(hasArrived, isDelivered)}
          onConnecting={onConnecting}
          onConnected={state.lookAgain}
          onDone={onDone}
        />
      </ol>
      {connection || !mayLoadDemo ? null : <LoadDemo />}
    </section>
  );
}
