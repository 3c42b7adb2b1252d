"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { AttemptTiming } from "#components/attempt-detail/attempt-timing.tsx";
import { answerWords } from "#components/attempt-detail/attempt-words.ts";
import { DiffView } from "#components/data/diff-view.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { BodyDiff } from "#components/payload/body-diff.tsx";
import { BodySkeleton } from "#components/payload/body-view.tsx";
import { formatExact } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Attempt } from "#server/contracts/attempt.ts";
import { headerText } from "./header-text.ts";

/** The last attempt that went well against the first that did not: what changed when the destination began to fail. */
export function FailureDiffTab({ eventId }: { eventId: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.events.failureDiff.queryOptions({ id: eventId }, { retry: false }));
  if (error) return <Note>The comparison did not load: {error.message}</Note>;
  if (!data) return <BodySkeleton />;
  const { good, bad } = data;
  if (!bad) return <Note>None of its attempts failed at the receiver.</Note>;
  if (!good)
    return (
      <Note>Nothing was delivered to this destination in the 7 days before, so there is nothing to compare with.</Note>
    );
  const axisMs = Math.max(good.latency_ms, bad.latency_ms);
  return (
    <div className="pt-2.5">
      <p className="px-5 text-muted text-xs max-md:px-3.5">
        The last attempt to this destination that was delivered, and the first after it that failed
        {bad.event_id === eventId ? "" : ", of another event"}.
      </p>
      <div className="grid gap-x-6 gap-y-3 px-5 py-2.5 max-md:px-3.5 md:grid-cols-2">
        <Side title="Last good" attempt={good} axisMs={axisMs} />
        <Side title="First bad" attempt={bad} axisMs={axisMs} />
      </div>
      <Part title="Request">
        <TextDiff label="Requests, good and bad" side="request" good={good} bad={bad} />
      </Part>
      {good.event_id === bad.event_id ? null : (
        <Part title="Payload">
          <BodyDiff
            label="Payloads, good and bad"
            before={{ kind: "events", id: good.event_id }}
            after={{ kind: "events", id: bad.event_id }}
          />
        </Part>
      )}
      <Part title="Response">
        <TextDiff label="Responses, good and bad" side="response" good={good} bad={bad} />
      </Part>
    </div>
  );
}

const Note = ({ children }: { children: ReactNode }) => (
  <p className="px-5 py-3 text-muted max-md:px-3.5">{children}</p>
);

interface TextDiffProps {
  label: string;
  side: "request" | "response";
  good: Attempt;
  bad: Attempt;
}

/** What is the same on both sides need not be read twice. */
function TextDiff({ label, side, good, bad }: TextDiffProps) {
  const [before, after] = [headerText(side, good), headerText(side, bad)];
  if (before === after) return <Note>The same, but for what is other in every attempt.</Note>;
  return <DiffView label={label} before={before} after={after} />;
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="border-line border-t pt-2.5">
    <h3 className="px-5 font-medium text-xs max-md:px-3.5">{title}</h3>
    {children}
  </section>
);

function Side({ title, attempt, axisMs }: { title: string; attempt: Attempt; axisMs: number }) {
  const isGood = attempt.error_code === null;
  const { code, note } = answerWords(attempt);
  return (
    <div className="min-w-0">
      <p className="mb-1 flex flex-wrap items-center gap-1.5">
        <Icon name={isGood ? "delivered" : "failed"} className={isGood ? "text-delivered" : "text-failed"} />
        <Link
          href={`/attempts/${attempt.id}`}
          prefetch={false}
          className="font-medium underline decoration-line underline-offset-4 hover:decoration-current"
        >
          {title}
        </Link>
        <span className="font-mono text-xs">{code}</span>
        <span className="text-muted text-xs">{note}</span>
      </p>
      <p className="mb-1.5 text-muted text-xs">{formatExact(attempt.created_at)}</p>
      <AttemptTiming attempt={attempt} axisMs={axisMs} />
    </div>
  );
}
