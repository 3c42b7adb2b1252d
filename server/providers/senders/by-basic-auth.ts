// Providers that send the user name and the password which stand in the URL they were given.
import { byBasicAuth } from "#server/providers/basic-auth.ts";
import { field } from "#server/providers/body-fields.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { namedAt } from "#server/providers/places.ts";

export const postmark = makeProvider(
  {
    name: "postmark",
    title: "Postmark",
    tile: "Pm",
    docs: "https://postmarkapp.com/developer/webhooks/webhooks-overview",
    isConfirmed: true,
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
  {
    name: "chargebee",
    title: "Chargebee",
    tile: "Cb",
    docs: "https://apidocs.chargebee.com/docs/api/webhooks",
    isConfirmed: true,
  },
  byBasicAuth,
  {
    type: "event_type",
    id: "id",
    occurredAt: "occurred_at",
    resourceId: ["content.subscription.id", "content.invoice.id", "content.customer.id"],
    example: "subscription_created",
  },
);

const PIPEDRIVE_PLACES = {
  type: ["event", "meta.action+meta.entity"],
  id: "meta.id",
  occurredAt: "meta.timestamp",
  resourceId: ["meta.entity_id", "data.id", "current.id"],
  example: "updated.deal",
};
const namedByPipedrive = namedAt(PIPEDRIVE_PLACES);

/**
 * Events of the first version of its webhooks are told as `updated.deal`, those of the second by action and entity. What the
 * first calls the id is that of the deal, and stands in every event of it.
 */
export const pipedrive = makeProvider(
  {
    name: "pipedrive",
    title: "Pipedrive",
    tile: "Pi",
    docs: "https://pipedrive.readme.io/docs/guide-for-webhooks-v2",
    isConfirmed: true,
  },
  byBasicAuth,
  PIPEDRIVE_PLACES,
  {
    identify: (inbound, body, signatureHeaders) => ({
      ...namedByPipedrive.identify(inbound, body, signatureHeaders),
      isIdShared: field(body(), "event") !== undefined,
    }),
  },
);
