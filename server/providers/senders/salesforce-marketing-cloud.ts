import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** A request brings a list of events. */
export const salesforceMarketingCloud = makeProvider(
  {
    name: "salesforce-marketing-cloud",
    title: "Salesforce MC",
    tile: "Sm",
    docs: "https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/ens-notification-signing.html",
    isConfirmed: true,
  },
  signedBy(["x-sfmc-ens-signature"], overTemplate({ sign: "{body}", encoding: "base64" })),
  {
    list: { at: "", type: "eventCategoryType" },
    example: "TransactionalSendEvents.EmailSent",
    occurredAt: "0.timestampUTC",
    resourceId: "0.definitionKey",
  },
);
