import { createHmac } from "node:crypto";
import type { HmacSettings } from "#server/providers/hmac-scheme.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { queryValue } from "#server/providers/probes.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/**
 * X signs this token as it signs the body of an event, and anybody may ask. So nothing is answered that could be a body: an
 * event is JSON, which none of these letters begins.
 */
const CRC_TOKEN = /^[A-Za-z0-9_-][A-Za-z0-9+/_=-]{0,255}$/;
/** Bodies without an object or list around them are JSON as well. */
const IS_JSON = /^(?:-?\d+(?:[eE][+-]?\d+)?|true|false|null)$/;

function answer(inbound: Inbound, _body: () => unknown, settings: HmacSettings | null): Challenge | null {
  if (inbound.method !== "GET" || settings === null) return null;
  const token = queryValue(inbound, "crc_token");
  if (token === null || !CRC_TOKEN.test(token) || IS_JSON.test(token)) return null;
  const digest = createHmac("sha256", settings.secret).update(token).digest("base64");
  return { status: 200, contentType: "application/json", body: JSON.stringify({ response_token: `sha256=${digest}` }) };
}

export const x = makeProvider(
  { name: "x", title: "X", tile: "Xx", docs: "https://docs.x.com/x-api/webhooks/quickstart" },
  signedBy(["x-twitter-webhooks-signature"], overTemplate({ sign: "{body}", encoding: "base64", prefix: "sha256=" })),
  {
    type: "data.event_type",
    id: "data.event_uuid",
    occurredAt: ["tweet_create_events.0.timestamp_ms", "direct_message_events.0.created_timestamp"],
    resourceId: ["data.filter.user_id", "for_user_id"],
    example: "profile.update.bio",
  },
  {
    handshake: { isSigned: false, answer },
    fieldWords: { secret: { label: "Consumer secret", help: "The API key secret of the app." } },
  },
);
