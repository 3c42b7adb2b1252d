import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

export const cashfree = makeProvider(
  {
    name: "cashfree",
    title: "Cashfree",
    tile: "Ce",
    docs: "https://www.cashfree.com/docs/payments/online/webhooks/signature-verification",
    isConfirmed: true,
  },
  signedBy(
    ["x-webhook-signature"],
    overTemplate({
      sign: "{timestamp}{body}",
      encoding: "base64",
      timestamp: { header: "x-webhook-timestamp", parse: unixMilliseconds, toleranceSeconds: null },
    }),
  ),
  {
    type: "type",
    occurredAt: "event_time",
    resourceId: ["data.order.order_id", "data.refund.refund_id"],
    example: "PAYMENT_SUCCESS_WEBHOOK",
  },
  { isHeaderShared: true },
);
