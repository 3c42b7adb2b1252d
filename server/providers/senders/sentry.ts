import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const sentry = makeProvider(
  {
    name: "sentry",
    title: "Sentry",
    tile: "Sz",
    docs: "https://docs.sentry.io/integrations/integration-platform/webhooks/",
    isConfirmed: true,
  },
  signedBy(["sentry-hook-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  {
    type: "header:sentry-hook-resource",
    id: "header:request-id",
    occurredAt: "header:sentry-hook-timestamp",
    resourceId: ["data.issue.id", "data.event.event_id", "data.error.event_id", "data.installation.uuid"],
    example: "issue",
  },
);
