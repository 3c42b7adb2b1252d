import { field } from "./body-fields.ts";
import { overTimestampHeader } from "./hmac-shapes.ts";
import type { Inbound } from "./inbound.ts";
import type { Challenge, SourceProvider } from "./provider.ts";
import { signedBy } from "./signed.ts";
import { unixSeconds } from "./timestamps.ts";

/** Slack's own is about 300 bytes; looking no further keeps large events from being parsed for nothing. */
const MAX_CHALLENGE_BYTES = 8192;

/** Slack checks a new URL by asking for `challenge` back: https://docs.slack.dev/reference/events/url_verification */
function answer(inbound: Inbound, body: () => unknown): Challenge | null {
  if (inbound.body.length > MAX_CHALLENGE_BYTES || !inbound.body.includes("url_verification")) return null;
  const message = body();
  const text = field(message, "challenge");
  if (field(message, "type") !== "url_verification" || typeof text !== "string") return null;
  return { status: 200, contentType: "text/plain; charset=utf-8", body: text };
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const slack: SourceProvider = {
  name: "slack",
  ...signedBy(
    ["x-slack-signature"],
    overTimestampHeader({
      encoding: "hex",
      timestampHeader: "x-slack-request-timestamp",
      parseTimestamp: unixSeconds,
      toleranceSeconds: 300,
      version: "v0",
      sign: (timestamp, inbound) => [`v0:${timestamp}:`, inbound.body],
    }),
  ),
  methods: ["POST"],
  bodyFields: ["type", "event", "event_id", "challenge", "payload"],
  identify: (_inbound, body) => {
    const message = body();
    return {
      // Buttons and other interactions come as a form whose `payload` is the JSON.
      eventType:
        field(field(message, "event"), "type") ?? field(message, "type") ?? field(field(message, "payload"), "type"),
      providerEventId: field(message, "event_id"),
    };
  },
  handshake: { isSigned: true, answer },
  sample: (id) => ({
    headers: [],
    body: { type: "event_callback", event_id: id, event: { type: "app_mention", text: "A test of the way here." } },
  }),
};
