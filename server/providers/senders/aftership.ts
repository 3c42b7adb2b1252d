import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const aftership = makeProvider(
  {
    name: "aftership",
    title: "AfterShip",
    tile: "As",
    docs: "https://www.aftership.com/docs/tracking/webhook/webhook-signature",
    isConfirmed: false,
  },
  signedBy(["aftership-hmac-sha256"], overTemplate({ sign: "{body}", encoding: "base64" })),
  { type: "event", id: "event_id", occurredAt: "ts", resourceId: "msg.id", example: "tracking_update" },
);
