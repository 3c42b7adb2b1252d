import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const rootly = makeProvider(
  {
    name: "rootly",
    title: "Rootly",
    tile: "Ro",
    docs: "https://docs.rootly.com/configuration/webhooks",
    isConfirmed: true,
  },
  signedBy(
    ["x-rootly-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: "",
      toleranceSeconds: 300,
    }),
  ),
  {
    type: "event.type",
    id: "event.id",
    occurredAt: "event.issued_at",
    resourceId: "data.id",
    example: "incident.created",
  },
);
