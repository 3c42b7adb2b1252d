import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The key is the verifier token. A request brings the changes of several companies. */
export const quickbooks = makeProvider(
  {
    name: "quickbooks",
    title: "QuickBooks",
    tile: "Qb",
    docs: "https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks",
    isConfirmed: false,
  },
  signedBy(["intuit-signature"], overTemplate({ sign: "{body}", encoding: "base64" })),
  {
    occurredAt: "eventNotifications.0.dataChangeEvent.entities.0.lastUpdated",
    resourceId: "eventNotifications.0.dataChangeEvent.entities.0.id",
  },
);
