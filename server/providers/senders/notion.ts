import { field } from "#server/providers/body-fields.ts";
import { overBody } from "#server/providers/hmac-shapes.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** Notion's own is some hundred bytes. */
const MAX_BODY_BYTES = 1024;
const ANSWER: Challenge = {
  status: 200,
  contentType: "application/json",
  body: "{}",
  forOwner:
    "The handshake was answered. If you made this subscription just now, set verification_token of the body as the source's secret and paste it at Notion, which signs with it.",
};

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
  return isProbe ? ANSWER : null;
}

export const notion = makeProvider(
  {
    name: "notion",
    title: "Notion",
    tile: "No",
    docs: "https://developers.notion.com/reference/webhooks",
    isConfirmed: true,
  },
  signedBy(["x-notion-signature"], overBody({ algorithm: "sha256", encoding: "hex" }, "sha256=")),
  { type: "type", id: "id", occurredAt: "timestamp", resourceId: "entity.id", example: "page.content_updated" },
  {
    handshake: { isSigned: false, answer },
    bodyFields: ["type", "id", "verification_token"],
    fieldWords: {
      secret: { label: "Verification token", help: "It comes with the handshake: make the subscription first." },
    },
  },
);
