"use client";

import { EventsBulkBar } from "#components/replay/bulk-bar.tsx";
import { EVENTS } from "./events.tsx";
import { ListPage } from "./list-page.tsx";
import { PanelStub } from "./panel-stub.tsx";

/** The list of events, with one of them open beside it. */
export const EventsPage = () => (
  <ListPage
    definition={EVENTS}
    renderPanel={(id, controls) => <PanelStub id={id} controls={controls} />}
    renderBulkBar={(selection) => <EventsBulkBar selection={selection} />}
  />
);
