import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const circleci = makeProvider(
  {
    name: "circleci",
    title: "CircleCI",
    tile: "Ci",
    docs: "https://circleci.com/docs/guides/integration/outbound-webhooks/",
    isConfirmed: true,
  },
  signedBy(["circleci-signature"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "v1=" }), "token"),
  {
    type: "type",
    id: "id",
    occurredAt: "happened_at",
    resourceId: ["job.id", "workflow.id"],
    example: "workflow-completed",
  },
);
