import { field } from "#server/providers/body-fields.ts";
import { overBody } from "#server/providers/hmac-shapes.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** Notion's own is some hundred bytes. */
const MAX_BODY_BYTES = 1024;

/**
 * A new subscription sends the token that it will sign with, which is not known here yet. The owner copies it from that request, as
 * its secret here and into the form at Notion.
 */
function answer(inbound: Inbound, body: () => unknown): Challenge | null {
  const isProbe =
    inbound.method === "POST" &&
    inbound.body.length <= MAX_BODY_BYTES &&
    firstHeader(inbound, "x-notion-signature") === undefined &&
    typeof field(body(), "verification_token") === "string";
  return isProbe ? { status: 200, contentType: "application/json", body: "{}" } : null;
}

export const notion = makeProvider(
  { name: "notion", title: "Notion", tile: "No", docs: "https://developers.notion.com/reference/webhooks" },
  signedBy(["x-notion-signature"], overBody({ algorithm: "sha256", encoding: "hex" }, "sha256=")),
  { type: "type", id: "id", occurredAt: "timestamp", resourceId: "entity.id", example: "page.content_updated" },
  { handshake: { isSigned: false, answer }, bodyFields: ["type", "id", "verification_token"] },
);
