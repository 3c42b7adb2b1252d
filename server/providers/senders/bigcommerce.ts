import { makeProvider } from "#server/providers/make-provider.ts";
import { signedOrToken } from "#server/providers/signed-or-token.ts";
import { standardScheme } from "./standard-webhooks.ts";

/**
 * BigCommerce signs by Standard Webhooks with the bytes of the app's client secret, and sends the headers that a webhook was made
 * with. What it repeats has the same hash, and so has what happens twice.
 */
export const bigcommerce = makeProvider(
  {
    name: "bigcommerce",
    title: "BigCommerce",
    tile: "Bc",
    docs: "https://developer.bigcommerce.com/docs/integrations/webhooks",
    isConfirmed: true,
  },
  signedOrToken(["webhook-signature"], standardScheme(undefined), "authorization"),
  {
    type: "scope",
    id: "hash",
    isIdShared: true,
    occurredAt: "created_at",
    resourceId: "data.id",
    example: "store/order/created",
  },
  {
    isHeaderShared: true,
    fieldWords: {
      secret: {
        label: "Client secret, or value of the header",
        help: "The client secret of the app signs. Or give the webhook a header called Authorization with this value.",
      },
    },
  },
);
