import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedOrToken } from "#server/providers/signed-or-token.ts";

export const revenuecat = makeProvider(
  {
    name: "revenuecat",
    title: "RevenueCat",
    tile: "Rc",
    docs: "https://www.revenuecat.com/docs/integrations/webhooks",
    isConfirmed: true,
  },
  signedOrToken(
    ["x-revenuecat-webhook-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 300,
    }),
    "authorization",
  ),
  {
    type: "event.type",
    id: "event.id",
    occurredAt: "event.event_timestamp_ms",
    resourceId: "event.app_user_id",
    example: "INITIAL_PURCHASE",
  },
  {
    fieldWords: {
      secret: {
        label: "Signing secret, or authorization header",
        help: "The signing secret where signing is on in RevenueCat, else the value of its authorization header.",
      },
    },
  },
);
