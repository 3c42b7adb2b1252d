import { overBody } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";
import { signedBy } from "#server/providers/signed.ts";

/** As version 3 of its API proves itself. The page is of the next one. */
export const flutterwave = makeProvider(
  {
    name: "flutterwave",
    title: "Flutterwave v3",
    tile: "Fw",
    docs: "https://developer.flutterwave.com/docs/webhooks",
    isConfirmed: false,
  },
  sharedToken("verif-hash"),
  { type: "event", occurredAt: "data.created_at", resourceId: "data.id", example: "charge.completed" },
);

/** The key is the secret hash, of the owner's choice. */
export const flutterwaveV4 = makeProvider(
  {
    name: "flutterwave-v4",
    title: "Flutterwave v4",
    tile: "F4",
    docs: "https://developer.flutterwave.com/docs/webhooks",
    isConfirmed: false,
  },
  signedBy(["flutterwave-signature"], overBody({ algorithm: "sha256", encoding: "base64" }), "token"),
  { type: "type", id: "webhook_id", occurredAt: "timestamp", resourceId: "data.id", example: "charge.completed" },
  { fieldWords: { secret: { label: "Secret hash", help: "Of your choice: give the same to Flutterwave." } } },
);
