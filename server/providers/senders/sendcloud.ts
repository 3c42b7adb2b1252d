import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const sendcloud = makeProvider(
  {
    name: "sendcloud",
    title: "Sendcloud",
    tile: "Sc",
    docs: "https://sendcloud.dev/api/v2/webhooks",
    isConfirmed: true,
  },
  signedBy(["sendcloud-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  { type: "action", occurredAt: "timestamp", resourceId: "parcel.id", example: "parcel_status_changed" },
);
