import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** Stripe signs `t.body` with the secret as it stands, `whsec_` included. */
export const stripe = makeProvider(
  {
    name: "stripe",
    title: "Stripe",
    tile: "St",
    docs: "https://docs.stripe.com/webhooks/signature",
    isConfirmed: true,
  },
  signedBy(
    ["stripe-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 300,
    }),
  ),
  { type: "type", id: "id", occurredAt: "created", resourceId: "data.object.id" },
  {
    fieldWords: { secret: { label: "Signing secret", help: "Begins with whsec_." } },
    sample: (id) => ({
      headers: [],
      body: {
        id,
        object: "event",
        type: "payment_intent.succeeded",
        livemode: false,
        data: { object: { object: "payment_intent", amount: 4200, currency: "eur" } },
      },
    }),
  },
);
