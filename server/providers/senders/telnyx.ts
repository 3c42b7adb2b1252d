import { makeProvider } from "#server/providers/make-provider.ts";
import { signedByKey } from "#server/providers/public-key.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

export const telnyx = makeProvider(
  {
    name: "telnyx",
    title: "Telnyx",
    tile: "Tx",
    docs: "https://developers.telnyx.com/docs/development/sdk/python/webhooks",
    isConfirmed: true,
  },
  signedByKey("telnyx-signature-ed25519", {
    kind: "ed25519",
    encoding: "base64",
    sign: "{timestamp}|{body}",
    timestamp: { header: "telnyx-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
  }),
  {
    type: "data.event_type",
    id: "data.id",
    occurredAt: "data.occurred_at",
    resourceId: "data.payload.id",
    example: "message.received",
  },
);
