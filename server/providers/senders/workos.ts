import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

export const workos = makeProvider(
  {
    name: "workos",
    title: "WorkOS",
    tile: "Wo",
    docs: "https://workos.com/docs/events/data-syncing/webhooks",
    isConfirmed: true,
  },
  signedBy(
    ["workos-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 180,
      parse: unixMilliseconds,
    }),
  ),
  { type: "event", id: "id", occurredAt: "created_at", resourceId: "data.id", example: "user.created" },
);
