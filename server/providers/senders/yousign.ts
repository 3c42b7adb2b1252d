import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const yousign = makeProvider(
  {
    name: "yousign",
    title: "Yousign",
    tile: "Ys",
    docs: "https://developers.yousign.com/docs/security",
    isConfirmed: true,
  },
  signedBy(["x-yousign-signature-256"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "sha256=" })),
  {
    type: "event_name",
    id: "event_id",
    occurredAt: "event_time",
    resourceId: ["data.signature_request.id"],
    example: "signature_request.done",
  },
);
