import { field } from "#server/providers/body-fields.ts";
import { identifyGenerically } from "#server/providers/generic.ts";
import { overBody } from "#server/providers/hmac-shapes.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { factsAt } from "#server/providers/places.ts";
import type { Provider, RawIdentity, SourceProvider } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** A webhook with the content type `application/x-www-form-urlencoded` carries its JSON in the field `payload`. */
function jsonOf(body: unknown): unknown {
  const payload = field(body, "payload");
  return typeof payload === "object" && payload !== null ? payload : body;
}

const actionOf = (body: unknown): unknown => field(body, "action") ?? field(jsonOf(body), "action");

/** `issues` with the action `opened` is `issues.opened`; `push` and `ping` have no action. */
function identify(inbound: Inbound, body: () => unknown): RawIdentity {
  const event = firstHeader(inbound, "x-github-event");
  // Others (Meta, Bitbucket) sign in GitHub's way and name their events in the body.
  if (!event) return identifyGenerically(inbound, body);
  const action = actionOf(body());
  return {
    eventType: typeof action === "string" && action !== "" ? `${event}.${action}` : event,
    providerEventId: firstHeader(inbound, "x-github-delivery"),
    isIdUnsigned: true,
  };
}

const facts = factsAt({
  occurredAt: [
    "created_at",
    "head_commit.timestamp",
    "comment.updated_at",
    "review.submitted_at",
    "release.published_at",
    "check_run.completed_at",
    "workflow_run.updated_at",
    "workflow_job.completed_at",
    "deployment_status.updated_at",
    "pull_request.updated_at",
    "issue.updated_at",
  ],
  resourceId: ["repository.id", "organization.id"],
});

export const github: SourceProvider = {
  name: "github",
  title: "GitHub",
  tile: "Gh",
  docs: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
  isConfirmed: true,
  normalise: (sent, body) => facts.normalise(sent, jsonOf(body)),
  factFields: facts.factFields.flatMap((path) => [path, `payload.${path}`]),
  ...signedBy(["x-hub-signature-256"], overBody({ algorithm: "sha256", encoding: "hex" }, "sha256="), "token"),
  methods: ["POST"],
  bodyFields: ["action", "payload.action"],
  identify,
  sample: (id) => ({
    headers: [
      ["x-github-event", "ping"],
      ["x-github-delivery", id],
    ],
    body: { zen: "A test of the way here.", hook_id: 1 },
  }),
};

/** The older header of the same kind, still sent by GitHub Enterprise Server, Intercom and WebSub hubs. */
export const hubSha1: Provider = {
  name: "hub-sha1",
  headers: ["x-hub-signature"],
  hmac: overBody({ algorithm: "sha1", encoding: "hex" }, "sha1="),
  identify,
};
