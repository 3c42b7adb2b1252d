import { Secret } from "#server/contracts/secret.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { challengeText, queryValue } from "#server/providers/probes.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { isSameText } from "#server/providers/shared-secret.ts";
import { signedBesides } from "#server/providers/signed.ts";

/** Meta tries a URL by a GET with the verify token that the owner has given it, and asks for its challenge back. */
function answer(inbound: Inbound, _body: () => unknown, auth: { verify_token: string } | null): Challenge | null {
  if (inbound.method !== "GET" || auth === null || queryValue(inbound, "hub.mode") !== "subscribe") return null;
  const challenge = challengeText(queryValue(inbound, "hub.challenge"));
  if (challenge === null || !isSameText(queryValue(inbound, "hub.verify_token") ?? "", auth.verify_token)) return null;
  return { status: 200, contentType: "text/plain", body: challenge };
}

const proof = {
  ...signedBesides(["x-hub-signature-256"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "sha256=" }), {
    verify_token: Secret,
  }),
  secretParameters: ["hub.verify_token"],
};

const ofMeta = (name: string, title: string, tile: string, docs: string, object: string) =>
  makeProvider(
    { name, title, tile, docs, isConfirmed: true },
    proof,
    { type: "object", occurredAt: "entry.0.time", resourceId: "entry.0.id", example: object },
    {
      isHeaderShared: true,
      handshake: { isSigned: false, answer },
      fieldWords: {
        secret: { label: "App secret", help: "Settings of the app, Basic." },
        verify_token: { label: "Verify token", help: "Of your choice: give the same one to Meta beside the URL." },
      },
    },
  );

export const meta = ofMeta(
  "meta",
  "Meta",
  "Me",
  "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
  "page",
);
export const whatsapp = ofMeta(
  "whatsapp",
  "WhatsApp",
  "Wa",
  "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks",
  "whatsapp_business_account",
);
export const instagram = ofMeta(
  "instagram",
  "Instagram",
  "Ig",
  "https://developers.facebook.com/docs/instagram-platform/webhooks",
  "instagram",
);
