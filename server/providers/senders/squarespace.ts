import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const squarespace = makeProvider(
  {
    name: "squarespace",
    title: "Squarespace",
    tile: "Ss",
    docs: "https://developers.squarespace.com/webhooks/overview",
    isConfirmed: true,
  },
  signedBy(["squarespace-signature"], overTemplate({ sign: "{body}", encoding: "hex", key: { encoding: "hex" } })),
  { type: "topic", id: "id", occurredAt: "createdOn", resourceId: "data.orderId", example: "order.create" },
);
