import { overBody } from "#server/providers/hmac-shapes.ts";
import { firstHeader } from "#server/providers/inbound.ts";
import { factsAt } from "#server/providers/places.ts";
import type { SourceProvider } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/**
 * Base64 over the body, never hex.
 * Shopify's newer Events product sends the same headers without `x-`.
 */
export const shopify: SourceProvider = {
  name: "shopify",
  title: "Shopify",
  tile: "Sh",
  docs: "https://shopify.dev/docs/apps/build/webhooks/verify-deliveries",
  isConfirmed: true,
  fieldWords: { secret: { label: "Signing secret", help: "Shown under the webhooks, or the API secret key." } },
  ...factsAt({ occurredAt: ["created_at", "header:x-shopify-triggered-at"], resourceId: "id" }),
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
