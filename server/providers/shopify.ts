import { overBody } from "./hmac-shapes.ts";
import { firstHeader } from "./inbound.ts";
import type { Provider } from "./provider.ts";

/**
 * https://shopify.dev/docs/apps/build/webhooks/verify-deliveries: base64 over the body, never hex.
 * Shopify's newer Events product sends the same headers without `x-`.
 */
export const shopify: Provider = {
  name: "shopify",
  authType: "SHOPIFY",
  headers: ["x-shopify-hmac-sha256", "shopify-hmac-sha256"],
  scheme: overBody({ algorithm: "sha256", encoding: "base64" }),
  identify: (inbound) => ({
    eventType: firstHeader(inbound, "x-shopify-topic") ?? firstHeader(inbound, "shopify-topic"),
    providerEventId: firstHeader(inbound, "x-shopify-webhook-id") ?? firstHeader(inbound, "shopify-webhook-id"),
    isIdUnsigned: true,
  }),
};
