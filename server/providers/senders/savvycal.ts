import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const savvycal = makeProvider(
  {
    name: "savvycal",
    title: "SavvyCal",
    tile: "Sy",
    docs: "https://developers.savvycal.com/webhooks",
    isConfirmed: true,
  },
  signedBy(["x-savvycal-signature"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "sha256=" })),
  { type: "type", id: "id", occurredAt: "occurred_at", resourceId: "payload.id", example: "event.created" },
);
