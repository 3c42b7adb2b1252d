import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const razorpay = makeProvider(
  {
    name: "razorpay",
    title: "Razorpay",
    tile: "Rz",
    docs: "https://razorpay.com/docs/webhooks/validate-test/",
    isConfirmed: true,
  },
  signedBy(["x-razorpay-signature"], overTemplate({ sign: "{body}", encoding: "hex" }), "token"),
  {
    type: "event",
    id: "header:x-razorpay-event-id",
    occurredAt: "created_at",
    resourceId: [
      "payload.payment.entity.id",
      "payload.order.entity.id",
      "payload.refund.entity.id",
      "payload.subscription.entity.id",
    ],
    example: "payment.captured",
  },
);
