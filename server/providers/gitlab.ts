import { firstHeader } from "./inbound.ts";
import type { SourceProvider } from "./provider.ts";
import { sharedToken } from "./shared-token.ts";

/**
 * https://docs.gitlab.com/user/project/integrations/webhooks: the secret token comes as it is. The newer headers name one event on
 * one hook, the same on every try. The event's UUID is handed on to events which a hook's receiver sets off in GitLab again.
 */
export const gitlab: SourceProvider = {
  name: "gitlab",
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
