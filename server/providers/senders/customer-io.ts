import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

export const customerIo = makeProvider(
  {
    name: "customer-io",
    title: "Customer.io",
    tile: "Cu",
    docs: "https://docs.customer.io/journeys/webhooks/",
    isConfirmed: true,
  },
  signedBy(
    ["x-cio-signature"],
    overTemplate({
      sign: "v0:{timestamp}:{body}",
      encoding: "hex",
      timestamp: { header: "x-cio-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
    }),
  ),
  { type: "metric", id: "event_id", occurredAt: "timestamp", resourceId: "data.delivery_id", example: "delivered" },
);
