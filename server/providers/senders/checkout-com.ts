import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const checkoutCom = makeProvider(
  {
    name: "checkout-com",
    title: "Checkout.com",
    tile: "Ch",
    docs: "https://www.checkout.com/docs/developer-resources/webhooks/manage-webhooks/validate-webhooks",
    isConfirmed: false,
  },
  signedBy(["cko-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  { type: "type", id: "id", occurredAt: "created_on", resourceId: "data.id", example: "payment_approved" },
);
