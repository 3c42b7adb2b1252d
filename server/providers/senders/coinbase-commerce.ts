import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const coinbaseCommerce = makeProvider(
  {
    name: "coinbase-commerce",
    title: "Coinbase Commerce",
    tile: "Co",
    docs: "https://docs.cdp.coinbase.com/commerce/api-arcitecture/webhooks-security",
    isConfirmed: true,
  },
  signedBy(["x-cc-webhook-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  {
    type: "event.type",
    id: "event.id",
    occurredAt: "event.created_at",
    resourceId: "event.data.id",
    example: "charge:confirmed",
  },
);
