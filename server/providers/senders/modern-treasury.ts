import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const modernTreasury = makeProvider(
  {
    name: "modern-treasury",
    title: "Modern Treasury",
    tile: "Mt",
    docs: "https://docs.moderntreasury.com/docs/verifying-webhooks",
    isConfirmed: true,
  },
  signedBy(["x-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  {
    type: "event",
    id: "header:x-webhook-id",
    occurredAt: "data.updated_at",
    resourceId: "data.id",
    example: "completed",
  },
  { isHeaderShared: true },
);
