import { overBody } from "./hmac-shapes.ts";
import { firstHeader } from "./inbound.ts";
import type { SourceProvider } from "./provider.ts";
import { signedBy } from "./signed.ts";

/**
 * https://shopify.dev/docs/apps/build/webhooks/verify-deliveries: base64 over the body, never hex.
 * Shopify's newer Events product sends the same headers without `x-`.
 */
export const shopify: SourceProvider = {
  name: "shopify",
  ...signedBy(["x-shopify-hmac-sha256", "shopify-hmac-sha256"], overBody({ algorithm: "sha256", encoding: "base64" })),
  methods: ["POST"],
  identify: (inbound) => ({
    eventType: firstHeader(inbound, "x-shopify-topic") ?? firstHeader(inbound, "shopify-topic"),
    providerEventId: firstHeader(inbound, "x-shopify-webhook-id") ?? firstHeader(inbound, "shopify-webhook-id"),
    isIdUnsigned: true,
  }),
  sample: (id) => ({
    headers: [
      ["x-shopify-topic", "orders/create"],
      ["x-shopify-webhook-id", id],
    ],
    body: { id: 1, name: "#TEST", test: true, total_price: "42.00" },
  }),
};
