"use client";

import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { DetailFrame, DetailTitle, type Variant } from "#components/detail-page/detail-frame.tsx";
import { DetailFailed, DetailSkeleton, TabsSkeleton } from "#components/detail-page/detail-states.tsx";
import { Facts, Section } from "#components/detail-page/section.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { StateBadge } from "#components/ui/event-state.tsx";
import { formatExact } from "#components/ui/format.ts";
import { Id } from "#components/ui/id.tsx";
import type { Attempt } from "#server/contracts/attempt.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { AttemptTiming } from "./attempt-timing.tsx";
import { answerWords, causeOf, TRIGGER_WORDS } from "./attempt-words.ts";

interface AttemptDetailProps {
  id: string;
  variant: Variant;
  controls?: ReactNode;
}

// Views of payloads are heavy, and stand below the story.
const AttemptTabs = lazy(async () => ({ default: (await import("./attempt-tabs.tsx")).AttemptTabs }));

/** One try: what was sent, what came back, where the time went, and why it failed. */
export function AttemptDetail({ id, variant, controls }: AttemptDetailProps) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.attempts.get.queryOptions({ id }, { staleTime: Number.POSITIVE_INFINITY, retry: false }),
  );
  if (!data) {
    return error ? (
      <DetailFailed what="attempt" error={error} retry={() => void refetch()} controls={controls} />
    ) : (
      <DetailSkeleton controls={controls} />
    );
  }
  return (
    <DetailFrame
      variant={variant}
      head={<AttemptHead attempt={data} variant={variant} controls={controls} />}
      story={<AttemptStory attempt={data} />}
      content={
        <Suspense fallback={<TabsSkeleton />}>
          <AttemptTabs attempt={data} />
        </Suspense>
      }
    />
  );
}

function AttemptHead({ attempt, variant, controls }: { attempt: Attempt; variant: Variant; controls: ReactNode }) {
  const trpc = useTRPC();
  const { data: event } = useQuery(
    trpc.events.get.queryOptions({ id: attempt.event_id, with_body: false }, { retry: false }),
  );
  const type = event === undefined ? "" : event.event_type === null ? "no event type" : visibleText(event.event_type);
  return (
    <>
      <div className="flex min-h-6 items-center gap-2">
        <StateBadge state={attempt.error_code === null ? "DELIVERED" : "FAILED"} size="lg">
          {answerWords(attempt).code}
        </StateBadge>
        <DetailTitle variant={variant}>
          Attempt {attempt.number} {type}
        </DetailTitle>
        {controls}
      </div>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <LinkButton size="sm" href={`/events/${attempt.event_id}`}>
          Open event
        </LinkButton>
        <span>to {event?.destination_name ?? attempt.destination_id}</span>
        <span className="flex items-center gap-2 md:ml-auto">
          <Id id={attempt.id} what="attempt id" />
          <Id id={attempt.event_id} what="event id" />
        </span>
      </div>
    </>
  );
}

function AttemptStory({ attempt }: { attempt: Attempt }) {
  const cause = causeOf(attempt);
  return (
    <>
      {attempt.is_withheld ? (
        <p className="text-muted text-xs">
          Headers, answer and the URL behind its host are withheld until the masks of its source are applied, some
          minutes after the last event of the request has ended.
        </p>
      ) : null}
      {cause ? (
        <Section title="Why it failed">
          <p>
            <span className="font-medium font-mono text-failed text-xs">{answerWords(attempt).code}</span> {cause}
          </p>
        </Section>
      ) : null}
      <Section title="Timing">
        <AttemptTiming attempt={attempt} />
      </Section>
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Made", value: formatExact(attempt.created_at) },
            { name: "Because", value: TRIGGER_WORDS[attempt.trigger] },
            {
              name: "Called",
              value: (
                <span className="font-mono text-xs">
                  {attempt.http_method} {visibleText(attempt.requested_url)}
                </span>
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}
