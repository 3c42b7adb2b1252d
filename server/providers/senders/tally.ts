import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const tally = makeProvider(
  { name: "tally", title: "Tally", tile: "Ta", docs: "https://tally.so/help/webhooks", isConfirmed: true },
  signedBy(["tally-signature"], overTemplate({ sign: "{body}", encoding: "base64" }), "token"),
  {
    type: "eventType",
    id: "eventId",
    occurredAt: "createdAt",
    resourceId: "data.responseId",
    example: "FORM_RESPONSE",
  },
);
