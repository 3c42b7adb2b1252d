import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const lemonSqueezy = makeProvider(
  {
    name: "lemon-squeezy",
    title: "Lemon Squeezy",
    tile: "Ls",
    docs: "https://docs.lemonsqueezy.com/help/webhooks/signing-requests",
    isConfirmed: true,
  },
  signedBy(["x-signature"], overTemplate({ sign: "{body}", encoding: "hex" }), "token"),
  {
    type: "meta.event_name",
    occurredAt: "data.attributes.updated_at",
    resourceId: "data.id",
    example: "order_created",
  },
  { isHeaderShared: true },
);
