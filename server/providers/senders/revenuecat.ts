import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

export const revenuecat = makeProvider(
  {
    name: "revenuecat",
    title: "RevenueCat",
    tile: "Rc",
    docs: "https://www.revenuecat.com/docs/integrations/webhooks",
    isConfirmed: true,
  },
  sharedToken("authorization"),
  {
    type: "event.type",
    id: "event.id",
    occurredAt: "event.event_timestamp_ms",
    resourceId: "event.app_user_id",
    example: "INITIAL_PURCHASE",
  },
);
