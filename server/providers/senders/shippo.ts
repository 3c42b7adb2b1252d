import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const shippo = makeProvider(
  {
    name: "shippo",
    title: "Shippo",
    tile: "Sp",
    docs: "https://docs.goshippo.com/docs/tracking/webhooksecurity/",
    isConfirmed: false,
  },
  signedBy(
    ["shippo-auth-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 300,
    }),
  ),
  { type: "event", resourceId: ["data.object_id", "data.tracking_number"], example: "transaction_created" },
);
