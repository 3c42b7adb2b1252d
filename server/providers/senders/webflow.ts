import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

export const webflow = makeProvider(
  {
    name: "webflow",
    title: "Webflow",
    tile: "Wf",
    docs: "https://developers.webflow.com/data/docs/working-with-webhooks",
    isConfirmed: true,
  },
  signedBy(
    ["x-webflow-signature"],
    overTemplate({
      sign: "{timestamp}:{body}",
      encoding: "hex",
      timestamp: { header: "x-webflow-timestamp", parse: unixMilliseconds, toleranceSeconds: 300 },
    }),
  ),
  {
    type: "triggerType",
    occurredAt: ["payload.submittedAt", "payload.publishedOn", "payload.lastUpdated"],
    resourceId: ["payload.id", "payload.orderId"],
    example: "form_submission",
  },
);
