import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The key is the channel secret. A request brings several events, so it has no one type and id. */
export const line = makeProvider(
  {
    name: "line",
    title: "LINE",
    tile: "Ln",
    docs: "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
    isConfirmed: true,
  },
  signedBy(["x-line-signature"], overTemplate({ sign: "{body}", encoding: "base64" })),
  { occurredAt: "events.0.timestamp", resourceId: ["events.0.message.id", "events.0.webhookEventId"] },
);
