import { CLOUD_EVENTS, readPublish } from "#server/api/cloud-events.ts";
import { type BodyLimits, write } from "#server/api/operation.ts";
import { Publish, Published } from "#server/contracts/publish.ts";
import { publish as publishEvents } from "#server/resources/publish.ts";

/** A thousand events of four KiB. */
const EVENTS_BODY: BodyLimits = { bytes: 4 * 1024 * 1024, values: 100_000 };

export const publish = {
  events: write(
    "event.publish",
    "POST",
    "/publish",
    "Publish events of the team's own services, as JSON or as CloudEvents",
    Publish,
    Published,
    publishEvents,
    { body: EVENTS_BODY, readCall: readPublish, alsoTakes: CLOUD_EVENTS, turns: "publishes" },
  ),
};
