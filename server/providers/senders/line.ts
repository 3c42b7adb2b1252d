import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The key is the channel secret. A request that is sent again says so in its body: only its events tell that it is the same. */
export const line = makeProvider(
  {
    name: "line",
    title: "LINE",
    tile: "Ln",
    docs: "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
    isConfirmed: true,
  },
  signedBy(["x-line-signature"], overTemplate({ sign: "{body}", encoding: "base64" })),
  {
    list: { at: "events", type: "type", id: "webhookEventId" },
    example: "message",
    occurredAt: "events.0.timestamp",
    resourceId: ["events.0.message.id", "events.0.webhookEventId"],
  },
);
