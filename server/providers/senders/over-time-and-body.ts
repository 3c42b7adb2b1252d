// Providers whose one header holds time and signature, each with its own letters for them.
import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

export const sanity = makeProvider(
  {
    name: "sanity",
    title: "Sanity",
    tile: "Sn",
    docs: "https://github.com/sanity-io/webhook-toolkit",
    isConfirmed: true,
  },
  signedBy(
    ["sanity-webhook-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 300,
      encoding: "base64url",
      parse: unixMilliseconds,
    }),
    "token",
  ),
  {
    type: "header:sanity-operation",
    id: "header:idempotency-key",
    occurredAt: "_updatedAt",
    resourceId: ["_id", "header:sanity-document-id"],
    example: "update",
  },
);

export const tiktok = makeProvider(
  {
    name: "tiktok",
    title: "TikTok",
    tile: "Tk",
    docs: "https://developers.tiktok.com/doc/webhooks-verification",
    isConfirmed: true,
  },
  signedBy(
    ["tiktok-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "s",
      joint: ".",
      toleranceSeconds: 300,
    }),
  ),
  { type: "event", occurredAt: "create_time", resourceId: "user_openid", example: "video.publish.completed" },
  { fieldWords: { secret: { label: "Client secret" } } },
);
