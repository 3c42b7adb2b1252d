import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const square = makeProvider(
  {
    name: "square",
    title: "Square",
    tile: "Sq",
    docs: "https://developer.squareup.com/docs/webhooks/step3validate",
    isConfirmed: true,
  },
  signedBy(["x-square-hmacsha256-signature"], overTemplate({ sign: "{url}{body}", encoding: "base64" })),
  { type: "type", id: "event_id", occurredAt: "created_at", resourceId: "data.id", example: "payment.updated" },
);
