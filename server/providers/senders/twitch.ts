import { field } from "#server/providers/body-fields.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { isoTime } from "#server/providers/timestamps.ts";

const CHALLENGE = /^[A-Za-z0-9._~-]{1,512}$/;

/** Twitch signs its probe as any event, and asks for the challenge as it is. */
function answer(inbound: Inbound, body: () => unknown): Challenge | null {
  if (firstHeader(inbound, "twitch-eventsub-message-type") !== "webhook_callback_verification") return null;
  const challenge = field(body(), "challenge");
  if (typeof challenge !== "string" || !CHALLENGE.test(challenge)) return null;
  return { status: 200, contentType: "text/plain", body: challenge };
}

export const twitch = makeProvider(
  {
    name: "twitch",
    title: "Twitch",
    tile: "Tc",
    docs: "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
    isConfirmed: true,
  },
  signedBy(
    ["twitch-eventsub-message-signature"],
    overTemplate({
      sign: "{twitch-eventsub-message-id}{timestamp}{body}",
      encoding: "hex",
      prefix: "sha256=",
      timestamp: { header: "twitch-eventsub-message-timestamp", parse: isoTime, toleranceSeconds: 600 },
    }),
    "token",
  ),
  {
    type: "header:twitch-eventsub-subscription-type",
    id: "header:twitch-eventsub-message-id",
    isIdSigned: true,
    occurredAt: ["event.started_at", "event.followed_at", "header:twitch-eventsub-message-timestamp"],
    resourceId: ["event.id", "event.broadcaster_user_id"],
    example: "channel.follow",
  },
  { handshake: { isSigned: true, answer }, bodyFields: ["challenge"] },
);
