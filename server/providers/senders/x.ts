import { createHmac } from "node:crypto";
import type { HmacScheme, HmacSettings } from "#server/providers/hmac-scheme.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { queryValue } from "#server/providers/probes.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/**
 * X signs this token as it signs the body of an event, and anybody may ask. So no text is answered that begins as an event
 * does, and nothing else is taken for one.
 */
const CRC_TOKEN = /^[A-Za-z0-9_-][A-Za-z0-9+/_=-]{0,255}$/;
const OPEN_OBJECT = 0x7b;

const overBody = overTemplate({ sign: "{body}", encoding: "base64", prefix: "sha256=" });
const scheme: HmacScheme = {
  ...overBody,
  read: (inbound, header, values) =>
    inbound.body[0] === OPEN_OBJECT
      ? overBody.read(inbound, header, values)
      : { kind: "unreadable", detail: "The body is no JSON object, as each event of X is." },
};

function answer(inbound: Inbound, _body: () => unknown, settings: HmacSettings | null): Challenge | null {
  if (inbound.method !== "GET" || settings === null) return null;
  const token = queryValue(inbound, "crc_token");
  if (token === null || !CRC_TOKEN.test(token)) return null;
  const digest = createHmac("sha256", settings.secret).update(token).digest("base64");
  return { status: 200, contentType: "application/json", body: JSON.stringify({ response_token: `sha256=${digest}` }) };
}

export const x = makeProvider(
  { name: "x", title: "X", tile: "Xx", docs: "https://docs.x.com/x-api/webhooks/quickstart", isConfirmed: true },
  signedBy(["x-twitter-webhooks-signature"], scheme),
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
