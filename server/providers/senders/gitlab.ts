import { firstHeader } from "#server/providers/inbound.ts";
import { factsAt } from "#server/providers/places.ts";
import type { SourceProvider } from "#server/providers/provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/**
 * The secret token comes as it is. The newer headers name one event on
 * one hook, the same on every try. The event's UUID is handed on to events which a hook's receiver sets off in GitLab again.
 */
export const gitlab: SourceProvider = {
  name: "gitlab",
  title: "GitLab",
  tile: "GL",
  docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
  isConfirmed: true,
  fieldWords: { secret: { label: "Secret token" } },
  ...factsAt({
    occurredAt: ["object_attributes.updated_at", "created_at", "head_commit.timestamp", "commits.0.timestamp"],
    resourceId: ["object_attributes.id", "project_id", "project.id"],
  }),
  ...sharedToken("x-gitlab-token"),
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
