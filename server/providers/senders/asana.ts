import { overBody } from "#server/providers/hmac-shapes.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { challengeText } from "#server/providers/probes.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const SECRET = "x-hook-secret";

/** A new webhook sends its secret, which is not known here yet, and asks for it back. The owner copies it from that request. */
function answer(inbound: Inbound): Challenge | null {
  const secret = challengeText(firstHeader(inbound, SECRET));
  if (secret === null || firstHeader(inbound, "x-hook-signature") !== undefined) return null;
  return {
    status: 200,
    contentType: "text/plain; charset=utf-8",
    body: "",
    headers: [[SECRET, secret]],
    forOwner:
      "The handshake was answered. If you made this webhook just now, set the value of the header x-hook-secret as the source's secret: Asana signs with it.",
  };
}

/** Its events have no ids, so none is taken for a repetition. */
export const asana = makeProvider(
  {
    name: "asana",
    title: "Asana",
    tile: "An",
    docs: "https://developers.asana.com/docs/webhooks-guide",
    isConfirmed: true,
  },
  signedBy(["x-hook-signature"], overBody({ algorithm: "sha256", encoding: "hex" })),
  {
    list: { at: "events", type: "resource.resource_type+action" },
    example: "task.changed",
    occurredAt: "events.0.created_at",
    resourceId: "events.0.resource.gid",
  },
  {
    handshake: { isSigned: false, answer },
    fieldWords: { secret: { label: "Hook secret", help: "It comes with the handshake: make the webhook first." } },
  },
);
