"use client";

import { useMay } from "#components/graph-drawer/may.tsx";
import { EventsBulkBar } from "#components/replay/bulk-bar.tsx";
import { EventPanel } from "./detail-panels.tsx";
import { EVENTS } from "./events.tsx";
import { EventsOrAttempts } from "./events-or-attempts.tsx";
import { ListPage } from "./list-page.tsx";

/** The list of events, with one of them open beside it. */
export function EventsPage() {
  const mayRetry = useMay("events.retry");
  return (
    <ListPage
      definition={EVENTS}
      barEnd={<EventsOrAttempts />}
      renderPanel={(id, controls) => <EventPanel id={id} controls={controls} />}
      renderBulkBar={mayRetry ? (selection) => <EventsBulkBar selection={selection} /> : undefined}
    />
  );
}
