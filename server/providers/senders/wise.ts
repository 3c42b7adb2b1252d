import { makeProvider } from "#server/providers/make-provider.ts";
import { signedByKey } from "#server/providers/public-key.ts";

/** Wise signs with one key for all of an environment, and publishes its public half. */
export const wise = makeProvider(
  {
    name: "wise",
    title: "Wise",
    tile: "Wi",
    docs: "https://docs.wise.com/api-docs/features/webhooks-notifications/event-handling",
    isConfirmed: true,
  },
  signedByKey("x-signature-sha256", { kind: "rsa", encoding: "base64", sign: "{body}" }),
  {
    type: "event_type",
    id: "header:x-delivery-id",
    occurredAt: "data.occurred_at",
    resourceId: "data.resource.id",
    example: "transfers#state-change",
  },
  { isHeaderShared: true },
);
