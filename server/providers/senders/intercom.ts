import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { answerHead } from "#server/providers/probes.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The key is the app's client secret. */
export const intercom = makeProvider(
  {
    name: "intercom",
    title: "Intercom",
    tile: "Ic",
    docs: "https://developers.intercom.com/docs/webhooks",
    isConfirmed: true,
  },
  signedBy(["x-hub-signature"], overTemplate({ sign: "{body}", encoding: "hex", algorithm: "sha1", prefix: "sha1=" })),
  {
    type: "topic",
    id: "id",
    occurredAt: "created_at",
    resourceId: "data.item.id",
    example: "conversation.user.created",
  },
  { isHeaderShared: true, handshake: answerHead },
);
