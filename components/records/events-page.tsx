"use client";

import { useMay } from "#components/data/may.tsx";
import { EVENTS } from "#components/lists/events.tsx";
import { EventsOrAttempts } from "#components/lists/events-or-attempts.tsx";
import { ListPage } from "#components/lists/list-page.tsx";
import { EventsBulkBar, ReplayAll } from "./bulk-bar.tsx";
import { EventPanel } from "./detail-panels.tsx";

/** The list of events, with one of them open beside it. */
export function EventsPage() {
  const mayRetry = useMay("events.retry");
  return (
    <ListPage
      definition={EVENTS}
      barEnd={<EventsOrAttempts />}
      renderPanel={(id, controls) => <EventPanel id={id} controls={controls} />}
      renderAllBar={mayRetry ? (all) => <ReplayAll kind="retry-events" selection={all} /> : undefined}
      renderBulkBar={mayRetry ? (selection) => <EventsBulkBar selection={selection} /> : undefined}
    />
  );
}
