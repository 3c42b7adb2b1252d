import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const calendly = makeProvider(
  {
    name: "calendly",
    title: "Calendly",
    tile: "Ca",
    docs: "https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures",
    isConfirmed: true,
  },
  signedBy(
    ["calendly-webhook-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 180,
    }),
    "token",
  ),
  { type: "event", occurredAt: "created_at", resourceId: "payload.uri", example: "invitee.created" },
);
