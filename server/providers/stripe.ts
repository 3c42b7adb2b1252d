import { field } from "./body-fields.ts";
import { overTimestampInSignature } from "./hmac-shapes.ts";
import type { SourceProvider } from "./provider.ts";
import { signedBy } from "./signed.ts";

/** Stripe signs `t.body` with the secret as it stands, `whsec_` included: https://docs.stripe.com/webhooks/signature */
export const stripe: SourceProvider = {
  name: "stripe",
  ...signedBy(
    ["stripe-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 300,
    }),
  ),
  methods: ["POST"],
  bodyFields: ["type", "id"],
  identify: (_inbound, body) => {
    const event = body();
    return { eventType: field(event, "type"), providerEventId: field(event, "id") };
  },
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
};
