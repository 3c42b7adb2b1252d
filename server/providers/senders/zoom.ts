import { createHmac } from "node:crypto";
import { field } from "#server/providers/body-fields.ts";
import type { HmacSettings } from "#server/providers/hmac-scheme.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

/** Zoom's own have 22 letters and digits. What it signs begins with `v0:`, so no such text is ever signed in the answer. */
const PLAIN_TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

/** Zoom asks for its token with the token's HMAC, and signs that request as any other. */
function answer(_inbound: Inbound, body: () => unknown, settings: HmacSettings | null): Challenge | null {
  const message = body();
  if (settings === null || field(message, "event") !== "endpoint.url_validation") return null;
  const plainToken = field(field(message, "payload"), "plainToken");
  if (typeof plainToken !== "string" || !PLAIN_TOKEN.test(plainToken)) return null;
  const encryptedToken = createHmac("sha256", settings.secret).update(plainToken).digest("hex");
  return { status: 200, contentType: "application/json", body: JSON.stringify({ plainToken, encryptedToken }) };
}

export const zoom = makeProvider(
  { name: "zoom", title: "Zoom", tile: "Zm", docs: "https://developers.zoom.us/docs/api/webhooks/", isConfirmed: true },
  signedBy(
    ["x-zm-signature"],
    overTemplate({
      sign: "v0:{timestamp}:{body}",
      encoding: "hex",
      prefix: "v0=",
      timestamp: { header: "x-zm-request-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
    }),
  ),
  {
    type: "event",
    occurredAt: ["event_ts"],
    resourceId: ["payload.object.uuid", "payload.object.id"],
    example: "meeting.started",
  },
  { handshake: { isSigned: true, answer }, bodyFields: ["event", "payload.plainToken"] },
);
