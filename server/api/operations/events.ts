import { CODE_BODY, read, readBytes, search, write } from "#server/api/operation.ts";
import { BodyText, ReadBodyText } from "#server/contracts/body-text.ts";
import { EventDetail, EventSummary, GetEvent, ListEvents, ResendEvent } from "#server/contracts/event.ts";
import { FailureDiff } from "#server/contracts/failure-diff.ts";
import { EventHistogram, Histogram } from "#server/contracts/histogram.ts";
import { page } from "#server/contracts/page.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import * as verbs from "#server/resources/events.ts";
import { getFailureDiff } from "#server/resources/failure-diff.ts";
import { countEvents } from "#server/resources/histogram.ts";
import { resendEvent } from "#server/resources/resend-event.ts";

const ONE = "/events/:id";

export const events = {
  list: search("/events", "List events", ListEvents, page(EventSummary), verbs.listEvents),
  histogram: search(
    "/events/histogram",
    "Count the events of a list over time",
    EventHistogram,
    Histogram,
    countEvents,
  ),
  get: read(ONE, "Get an event with what is delivered and why", GetEvent, EventDetail, verbs.getEvent),
  body: read(
    `${ONE}/body`,
    "Get the body that is delivered as a person reads it",
    ReadBodyText,
    BodyText,
    verbs.getEventBodyText,
  ),
  failureDiff: search(
    `${ONE}/failure_diff`,
    "Get the last good attempt to an event's destination, and the first bad one after it",
    ById,
    FailureDiff,
    getFailureDiff,
  ),
  rawBody: readBytes(`${ONE}/raw_body`, "Get the exact bytes that are delivered", ById, verbs.getEventRawBody),
  retry: write("events.retry", "POST", `${ONE}/retry`, "Deliver an event again", ById, EventSummary, verbs.retryEvent),
  resend: write(
    "events.retry",
    "POST",
    `${ONE}/resend`,
    "Send a debug copy of an event to another destination",
    ResendEvent,
    EventSummary,
    resendEvent,
    { status: 201, body: CODE_BODY },
  ),
  cancel: write(
    "events.cancel",
    "PUT",
    `${ONE}/cancel`,
    "Cancel an event that is not delivered yet",
    ById,
    EventSummary,
    verbs.cancelEvent,
  ),
};
