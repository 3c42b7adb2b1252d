"use client";

import { ATTEMPTS } from "./attempts.tsx";
import { AttemptPanel } from "./detail-panels.tsx";
import { EventsOrAttempts } from "./events-or-attempts.tsx";
import { ListPage } from "./list-page.tsx";

/** The list of attempts, with one of them open beside it. */
export const AttemptsPage = () => (
  <ListPage
    definition={ATTEMPTS}
    barEnd={<EventsOrAttempts />}
    renderPanel={(id, controls) => <AttemptPanel id={id} controls={controls} />}
  />
);
