import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The body's `id` is the order's, the same for each of its changes: only the delivery has an id of its own. */
export const woocommerce = makeProvider(
  {
    name: "woocommerce",
    title: "WooCommerce",
    tile: "Wc",
    docs: "https://woocommerce.com/document/webhooks/",
    isConfirmed: true,
  },
  signedBy(["x-wc-webhook-signature"], overTemplate({ sign: "{body}", encoding: "base64" }), "token"),
  {
    type: "header:x-wc-webhook-topic",
    id: "header:x-wc-webhook-delivery-id",
    occurredAt: ["date_modified_gmt", "date_created_gmt"],
    resourceId: "id",
    example: "order.updated",
  },
);
