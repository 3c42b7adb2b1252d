"use client";

import { ATTEMPTS } from "#components/lists/attempts.tsx";
import { EventsOrAttempts } from "#components/lists/events-or-attempts.tsx";
import { ListPage } from "#components/lists/list-page.tsx";
import { AttemptPanel } from "./detail-panels.tsx";

/** The list of attempts, with one of them open beside it. */
export const AttemptsPage = () => (
  <ListPage
    definition={ATTEMPTS}
    barEnd={<EventsOrAttempts />}
    renderPanel={(id, controls) => <AttemptPanel id={id} controls={controls} />}
  />
);
