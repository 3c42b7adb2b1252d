import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const mux = makeProvider(
  {
    name: "mux",
    title: "Mux",
    tile: "Mx",
    docs: "https://www.mux.com/docs/core/verify-webhook-signatures",
    isConfirmed: true,
  },
  signedBy(
    ["mux-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 300,
    }),
  ),
  { type: "type", id: "id", occurredAt: "created_at", resourceId: "object.id", example: "video.asset.ready" },
);
