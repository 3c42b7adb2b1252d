import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** As its next-generation webhooks sign. The classic ones sign nothing. */
export const mollie = makeProvider(
  {
    name: "mollie",
    title: "Mollie",
    tile: "Mo",
    docs: "https://docs.mollie.com/reference/webhooks-best-practices",
    isConfirmed: true,
  },
  signedBy(["x-mollie-signature"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "sha256=" })),
  { type: "type", id: "id", occurredAt: "createdAt", resourceId: "entityId", example: "payment-link.paid" },
);
