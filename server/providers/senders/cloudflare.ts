import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

export const cloudflare = makeProvider(
  {
    name: "cloudflare",
    title: "Cloudflare",
    tile: "Cf",
    docs: "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
    isConfirmed: true,
  },
  sharedToken("cf-webhook-auth"),
  { type: "alert_type", occurredAt: "ts", resourceId: ["policy_id", "account_id"], example: "tunnel_health_event" },
);
