import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const calCom = makeProvider(
  {
    name: "cal-com",
    title: "Cal.com",
    tile: "Cc",
    docs: "https://cal.com/docs/developing/guides/automation/webhooks",
    isConfirmed: false,
  },
  signedBy(["x-cal-signature-256"], overTemplate({ sign: "{body}", encoding: "hex" }), "token"),
  { type: "triggerEvent", occurredAt: "createdAt", resourceId: "payload.uid", example: "BOOKING_CREATED" },
);
