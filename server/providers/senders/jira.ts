import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const jira = makeProvider(
  {
    name: "jira",
    title: "Jira",
    tile: "Ji",
    docs: "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
    isConfirmed: true,
  },
  signedBy(["x-hub-signature"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "sha256=" }), "token"),
  {
    type: "webhookEvent",
    id: "header:x-atlassian-webhook-identifier",
    occurredAt: "timestamp",
    resourceId: ["issue.id", "project.id", "sprint.id"],
    example: "jira:issue_created",
  },
  { isHeaderShared: true },
);
