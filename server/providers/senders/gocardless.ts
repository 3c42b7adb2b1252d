import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** A request brings up to 250 events under one id. */
export const gocardless = makeProvider(
  {
    name: "gocardless",
    title: "GoCardless",
    tile: "Go",
    docs: "https://developer.gocardless.com/getting-started/staying-up-to-date-with-webhooks/",
    isConfirmed: true,
  },
  signedBy(["webhook-signature"], overTemplate({ sign: "{body}", encoding: "hex" }), "token"),
  {
    list: { at: "events", type: "resource_type+action" },
    example: "payments.confirmed",
    id: "meta.webhook_id",
    occurredAt: "events.0.created_at",
    resourceId: "events.0.id",
  },
  { isHeaderShared: true },
);
