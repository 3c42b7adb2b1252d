import { field } from "#server/providers/body-fields.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { factsAt } from "#server/providers/places.ts";
import type { Challenge, SourceProvider } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

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

export const slack: SourceProvider = {
  name: "slack",
  title: "Slack",
  tile: "Sl",
  docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
  isConfirmed: true,
  fieldWords: { secret: { label: "Signing secret", help: "Under Basic Information of the app." } },
  ...factsAt({
    occurredAt: ["event_time", "event.event_ts", "event.ts"],
    resourceId: ["event.channel", "event.channel_id", "event.user", "payload.channel.id"],
  }),
  ...signedBy(
    ["x-slack-signature"],
    overTemplate({
      sign: "v0:{timestamp}:{body}",
      encoding: "hex",
      prefix: "v0=",
      timestamp: { header: "x-slack-request-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
    }),
  ),
  methods: ["POST"],
  bodyFields: ["type", "event.type", "event_id", "challenge", "payload.type"],
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
