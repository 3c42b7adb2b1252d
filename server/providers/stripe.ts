import { field } from "./body-fields.ts";
import { overTimestampInSignature } from "./hmac-shapes.ts";
import type { Provider } from "./provider.ts";

/** Stripe signs `t.body` with the secret as it stands, `whsec_` included: https://docs.stripe.com/webhooks/signature */
export const stripe: Provider = {
  name: "stripe",
  authType: "STRIPE",
  headers: ["stripe-signature"],
  scheme: overTimestampInSignature({
    separator: ",",
    timestampKey: "t",
    signatureKey: "v1",
    joint: ".",
    toleranceSeconds: 300,
  }),
  identify: (_inbound, body) => {
    const event = body();
    return { eventType: field(event, "type"), providerEventId: field(event, "id") };
  },
};
