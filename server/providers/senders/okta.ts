import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { namedAt } from "#server/providers/places.ts";
import type { Challenge, SourceProvider } from "#server/providers/provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/** Okta's own have 40 characters. Only these are echoed, so that nobody reads a stranger's text under the source's URL. */
const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;

/** Okta checks a new URL by a GET with a challenge: https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request */
function answer(inbound: Inbound): Challenge | null {
  if (inbound.method !== "GET") return null;
  const text = firstHeader(inbound, "x-okta-verification-challenge");
  if (text === undefined || !CHALLENGE.test(text)) return null;
  return { status: 200, contentType: "application/json", body: JSON.stringify({ verification: text }) };
}

const named = namedAt({
  type: "eventType",
  id: "eventId",
  list: { at: "data.events", type: "eventType" },
  occurredAt: ["data.events.0.published", "eventTime"],
  resourceId: "data.events.0.target.0.id",
});

/** An event hook sends the secret of its authentication field in `authorization`, as it is. */
export const okta: SourceProvider = {
  name: "okta",
  title: "Okta",
  tile: "Ok",
  docs: "https://developer.okta.com/docs/concepts/event-hooks/",
  isConfirmed: true,
  fieldWords: { secret: { label: "Authentication secret", help: "Okta sends it in the header Authorization." } },
  ...sharedToken("authorization"),
  methods: ["POST"],
  ...named,
  handshake: { isSigned: false, answer },
  sample: (id) => ({
    headers: [],
    body: { eventType: "com.okta.event_hook", eventId: id, eventTypeVersion: "1.0", data: { events: [] } },
  }),
};
