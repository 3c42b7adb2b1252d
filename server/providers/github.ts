import { field } from "./body-fields.ts";
import { identifyGenerically } from "./generic.ts";
import { overBody } from "./hmac-shapes.ts";
import { firstHeader, type Inbound } from "./inbound.ts";
import type { Provider, RawIdentity, SourceProvider } from "./provider.ts";
import { signedBy } from "./signed.ts";

/** A webhook with the content type `application/x-www-form-urlencoded` carries its JSON in the field `payload`. */
function actionOf(body: unknown): unknown {
  return field(body, "action") ?? field(field(body, "payload"), "action");
}

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

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export const github: SourceProvider = {
  name: "github",
  ...signedBy(["x-hub-signature-256"], overBody({ algorithm: "sha256", encoding: "hex" }, "sha256="), "token"),
  methods: ["POST"],
  bodyFields: ["action", "payload"],
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
