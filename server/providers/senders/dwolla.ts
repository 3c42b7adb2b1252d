import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const dwolla = makeProvider(
  {
    name: "dwolla",
    title: "Dwolla",
    tile: "Dw",
    docs: "https://developers.dwolla.com/docs/balance/webhooks/process-validate",
    isConfirmed: false,
  },
  signedBy(["x-request-signature-sha-256"], overTemplate({ sign: "{body}", encoding: "hex" }), "token"),
  { type: "topic", id: "id", occurredAt: "timestamp", resourceId: "resourceId", example: "customer_created" },
);
