import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const onfido = makeProvider(
  {
    name: "onfido",
    title: "Onfido",
    tile: "Of",
    docs: "https://documentation.identity.entrust.com/api/manual-webhook-signature-verification/",
    isConfirmed: true,
  },
  signedBy(["x-sha2-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  {
    type: "payload.action",
    occurredAt: "payload.object.completed_at_iso8601",
    resourceId: "payload.object.id",
    example: "check.completed",
  },
);
