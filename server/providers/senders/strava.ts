import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { challengeText, queryValue } from "#server/providers/probes.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { isSameText } from "#server/providers/shared-secret.ts";
import { tokenInQuery } from "#server/providers/shared-token.ts";

/** A new subscription asks by GET for its challenge back, and names the verify token that it was made with. */
function answer(inbound: Inbound, _body: () => unknown, auth: { secret: string } | null): Challenge | null {
  if (inbound.method !== "GET" || auth === null) return null;
  const text = challengeText(queryValue(inbound, "hub.challenge"));
  if (text === null || !isSameText(queryValue(inbound, "hub.verify_token") ?? "", auth.secret)) return null;
  return { status: 200, contentType: "application/json", body: JSON.stringify({ "hub.challenge": text }) };
}

/** Strava signs nothing: the same token stands in the callback URL, `?token=…`, and is the subscription's verify token. */
export const strava = makeProvider(
  {
    name: "strava",
    title: "Strava",
    tile: "Sr",
    docs: "https://developers.strava.com/docs/webhooks/",
    isConfirmed: false,
  },
  { ...tokenInQuery("token"), secretParameters: ["token", "hub.verify_token"] },
  {
    type: "aspect_type",
    occurredAt: "event_time",
    resourceId: "object_id",
    example: "create",
  },
  {
    handshake: { isSigned: false, answer },
    fieldWords: {
      secret: { label: "Verify token", help: "Also give Strava the URL with ?token= and this behind it." },
    },
  },
);
