"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { DetailFrame, type Variant } from "#components/detail-page/detail-frame.tsx";
import { DetailFailed, DetailSkeleton, TabsSkeleton } from "#components/detail-page/detail-states.tsx";
import { Section } from "#components/detail-page/section.tsx";
import { useLive } from "#components/live/use-live.ts";
import { hasEnded } from "#components/request-detail/event-states.ts";
import type { EventDetail as Event } from "#server/contracts/event.ts";
import { EventHead } from "./event-head.tsx";
import { EventTimeline } from "./event-timeline.tsx";
import { EventWhy } from "./event-why.tsx";
import { OtherBranches } from "./other-branches.tsx";

// Views of payloads are heavy, and stand below the story.
const EventTabs = lazy(async () => ({ default: (await import("./event-tabs.tsx")).EventTabs }));

interface EventDetailProps {
  id: string;
  variant: Variant;
  /** Belong at the end of the head. */
  controls?: ReactNode;
}

/** Behind the live changes, while something may still happen to it by itself. */
const REFRESH_MS = 5000;
const refreshOf = (event: Event | undefined) => (event === undefined || hasEnded(event.status) ? false : REFRESH_MS);

/** One event: where it stands, what can be done, its way, why, and what was sent and answered. */
export function EventDetail({ id, variant, controls }: EventDetailProps) {
  const trpc = useTRPC();
  const client = useQueryClient();
  useLive(["events"], ({ events }, isGap) => {
    if (isGap || events?.some((event) => event.id === id))
      void client.invalidateQueries({ queryKey: trpc.events.get.queryKey({ id, with_body: false }) });
  });
  const { data, error, refetch } = useQuery(
    trpc.events.get.queryOptions(
      { id, with_body: false },
      { refetchInterval: ({ state }) => refreshOf(state.data), retry: false },
    ),
  );
  if (!data) {
    return error ? (
      <DetailFailed what="event" error={error} retry={() => void refetch()} controls={controls} />
    ) : (
      <DetailSkeleton controls={controls} />
    );
  }
  return (
    <DetailFrame
      variant={variant}
      head={<EventHead event={data} variant={variant} controls={controls} />}
      story={
        <>
          <Section title="Timeline">
            <EventTimeline event={data} />
          </Section>
          <Section title="Why">
            <EventWhy key={id} why={data.why} />
          </Section>
          <OtherBranches event={data} />
        </>
      }
      content={
        <Suspense fallback={<TabsSkeleton />}>
          <EventTabs event={data} />
        </Suspense>
      }
    />
  );
}
