// Providers that send the user name and the password which stand in the URL they were given.
import { byBasicAuth } from "#server/providers/basic-auth.ts";
import { makeProvider } from "#server/providers/make-provider.ts";

export const postmark = makeProvider(
  {
    name: "postmark",
    title: "Postmark",
    tile: "Pm",
    docs: "https://postmarkapp.com/developer/webhooks/webhooks-overview",
  },
  byBasicAuth,
  {
    type: "RecordType",
    occurredAt: ["DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt"],
    resourceId: "MessageID",
    example: "Delivery",
  },
);

export const chargebee = makeProvider(
  { name: "chargebee", title: "Chargebee", tile: "Cb", docs: "https://apidocs.chargebee.com/docs/api/webhooks" },
  byBasicAuth,
  {
    type: "event_type",
    id: "id",
    occurredAt: "occurred_at",
    resourceId: ["content.subscription.id", "content.invoice.id", "content.customer.id"],
    example: "subscription_created",
  },
);

/** Events of the first version of its webhooks are told as `updated.deal`, those of the second by action and entity. */
export const pipedrive = makeProvider(
  { name: "pipedrive", title: "Pipedrive", tile: "Pi", docs: "https://pipedrive.readme.io/docs/guide-for-webhooks-v2" },
  byBasicAuth,
  {
    type: ["event", "meta.action"],
    id: "meta.id",
    occurredAt: "meta.timestamp",
    resourceId: ["meta.entity_id", "data.id", "current.id"],
    example: "updated.deal",
  },
);
