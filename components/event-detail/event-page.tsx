"use client";

import { lazy } from "react";
import { DetailPage } from "#components/detail-page/detail-page.tsx";
import { EventDetail } from "./event-detail.tsx";

// The list's filters are more code than the page itself.
const EventPlace = lazy(async () => ({ default: (await import("./event-place.tsx")).EventPlace }));

/** The page of one event. */
export const EventPage = ({ id }: { id: string }) => (
  <DetailPage list={{ title: "Events", path: "/events" }} id={id} place={<EventPlace id={id} />}>
    <EventDetail key={id} id={id} variant="page" />
  </DetailPage>
);
