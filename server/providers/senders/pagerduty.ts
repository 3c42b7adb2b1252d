import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** One signature for each secret that is valid now, separated by commas. */
export const pagerduty = makeProvider(
  {
    name: "pagerduty",
    title: "PagerDuty",
    tile: "Pa",
    docs: "https://docs.pagerduty.com/developer/verifying-webhook-signatures",
    isConfirmed: true,
  },
  signedBy(["x-pagerduty-signature"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "v1=" })),
  {
    type: "event.event_type",
    id: "event.id",
    occurredAt: "event.occurred_at",
    resourceId: "event.data.id",
    example: "incident.triggered",
  },
);
