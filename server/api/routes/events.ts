import { EventDetail, EventSummary, ListEvents } from "#server/contracts/event.ts";
import { ById, page } from "#server/contracts/page.ts";
import { cancelEvent, getEvent, getEventRawBody, listEvents, retryEvent } from "#server/resources/events.ts";
import { rawRoute, route } from "../operation.ts";

export const eventRoutes = [
  route("GET", "/events", "List events", ListEvents, page(EventSummary), listEvents),
  route("GET", "/events/:id", "Get an event with what is delivered and why", ById, EventDetail, getEvent),
  rawRoute("/events/:id/raw_body", "Get the exact bytes that are delivered", ById, getEventRawBody),
  route("POST", "/events/:id/retry", "Deliver an event again", ById, EventSummary, retryEvent),
  route("PUT", "/events/:id/cancel", "Cancel an event that is not delivered yet", ById, EventSummary, cancelEvent),
];
