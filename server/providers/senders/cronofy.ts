import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const cronofy = makeProvider(
  {
    name: "cronofy",
    title: "Cronofy",
    tile: "Cr",
    docs: "https://docs.cronofy.com/developers/push-notifications/authentication/",
    isConfirmed: false,
  },
  signedBy(["cronofy-hmac-sha256"], overTemplate({ sign: "{body}", encoding: "base64" })),
  {
    type: "notification.type",
    occurredAt: "notification.changes_since",
    resourceId: "channel.channel_id",
    example: "change",
  },
);
