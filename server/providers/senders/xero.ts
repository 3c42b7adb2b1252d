import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** Xero takes no answer with a body. A request brings several events. */
export const xero = makeProvider(
  {
    name: "xero",
    title: "Xero",
    tile: "Xe",
    docs: "https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/",
    isConfirmed: true,
  },
  signedBy(["x-xero-signature"], overTemplate({ sign: "{body}", encoding: "base64" })),
  {
    list: { at: "events", type: "eventCategory+eventType" },
    example: "INVOICE.UPDATE",
    id: "entropy",
    occurredAt: "events.0.eventDateUtc",
    resourceId: "events.0.resourceId",
  },
  { response: { status: 200, content_type: "text/plain", body: "" } },
);
