import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const paddle = makeProvider(
  {
    name: "paddle",
    title: "Paddle",
    tile: "Pd",
    docs: "https://developer.paddle.com/webhooks/signature-verification",
    isConfirmed: true,
  },
  signedBy(
    ["paddle-signature"],
    overTimestampInSignature({
      separator: ";",
      timestampKey: "ts",
      signatureKey: "h1",
      joint: ":",
      toleranceSeconds: 5,
    }),
  ),
  {
    type: "event_type",
    id: "event_id",
    occurredAt: "occurred_at",
    resourceId: "data.id",
    example: "transaction.completed",
  },
);
