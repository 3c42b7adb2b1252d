import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

export const brevo = makeProvider(
  {
    name: "brevo",
    title: "Brevo",
    tile: "Br",
    docs: "https://developers.brevo.com/docs/secured-webhooks",
    isConfirmed: true,
  },
  sharedToken("authorization", { prefix: "Bearer " }),
  { type: "event", occurredAt: ["ts_epoch", "ts_event"], resourceId: "message-id", example: "delivered" },
);
