"use client";

import { ATTEMPTS } from "./attempts.tsx";
import { EventsOrAttempts } from "./events-or-attempts.tsx";
import { ListPage } from "./list-page.tsx";
import { PanelStub } from "./panel-stub.tsx";

/** The list of attempts, with one of them open beside it. */
export const AttemptsPage = () => (
  <ListPage
    definition={ATTEMPTS}
    barEnd={<EventsOrAttempts />}
    renderPanel={(id, controls) => <PanelStub id={id} controls={controls} />}
  />
);
