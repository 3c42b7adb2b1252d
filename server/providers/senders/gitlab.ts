import { firstHeader } from "#server/providers/inbound.ts";
import { factsAt } from "#server/providers/places.ts";
import type { SourceProvider } from "#server/providers/provider.ts";
import { signedOrToken } from "#server/providers/signed-or-token.ts";
import { standardScheme, WHSEC } from "./standard-webhooks.ts";

/**
 * The secret token comes as it is. A webhook with a signing token signs by Standard Webhooks. The newer headers name one event on
 * one hook, the same on every try. The event's UUID is handed on to events which a hook's receiver sets off in GitLab again.
 */
export const gitlab: SourceProvider = {
  name: "gitlab",
  title: "GitLab",
  tile: "GL",
  docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
  isConfirmed: true,
  fieldWords: {
    secret: { label: "Signing token, or secret token", help: "A signing token begins with whsec_." },
  },
  ...factsAt({
    occurredAt: ["object_attributes.updated_at", "created_at", "head_commit.timestamp", "commits.0.timestamp"],
    resourceId: ["object_attributes.id", "project_id", "project.id"],
  }),
  ...signedOrToken(["webhook-signature"], standardScheme(WHSEC), "x-gitlab-token"),
  isHeaderShared: true,
  methods: ["POST"],
  identify: (inbound) => {
    const ownId = firstHeader(inbound, "webhook-id") ?? firstHeader(inbound, "idempotency-key");
    return {
      eventType: firstHeader(inbound, "x-gitlab-event"),
      providerEventId: ownId ?? firstHeader(inbound, "x-gitlab-event-uuid"),
      isIdShared: ownId === undefined,
    };
  },
  sample: (id) => ({
    headers: [
      ["x-gitlab-event", "Push Hook"],
      ["webhook-id", id],
    ],
    body: { object_kind: "push", ref: "refs/heads/main", total_commits_count: 0 },
  }),
};
