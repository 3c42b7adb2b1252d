import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const LEGACY = "eventNotifications.0.dataChangeEvent.entities.0";

/**
 * The key is the verifier token. A request brings the changes of several companies: as a list of CloudEvents, and formerly as
 * notifications within notifications, which name no types. Its Java library says how both are signed: `WebhooksService`.
 */
export const quickbooks = makeProvider(
  {
    name: "quickbooks",
    title: "QuickBooks",
    tile: "Qb",
    docs: "https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks",
    isConfirmed: true,
  },
  signedBy(["intuit-signature"], overTemplate({ sign: "{body}", encoding: "base64" })),
  {
    list: { at: "", type: "type", id: "id" },
    occurredAt: ["0.time", `${LEGACY}.lastUpdated`],
    resourceId: ["0.intuitentityid", `${LEGACY}.id`],
    example: "qbo.customer.created.v1",
  },
);
