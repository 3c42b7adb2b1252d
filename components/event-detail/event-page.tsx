"use client";

import { DetailPage } from "#components/detail-page/detail-page.tsx";
import { EVENTS } from "#components/lists/events.tsx";
import { EventDetail } from "./event-detail.tsx";

/** The page of one event. */
export const EventPage = ({ id }: { id: string }) => (
  <DetailPage definition={EVENTS} id={id}>
    <EventDetail key={id} id={id} variant="page" />
  </DetailPage>
);
