import { field } from "#server/providers/body-fields.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { signedByJwt } from "#server/providers/jwt-proof.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { challengeText } from "#server/providers/probes.ts";
import type { Challenge } from "#server/providers/provider.ts";

/** monday's own is some hundred bytes. */
const MAX_BODY_BYTES = 1024;

/** A new webhook asks by POST for its challenge back. */
function answer(inbound: Inbound, body: () => unknown): Challenge | null {
  if (inbound.method !== "POST" || inbound.body.length > MAX_BODY_BYTES) return null;
  const text = challengeText(field(body(), "challenge"));
  return text === null
    ? null
    : { status: 200, contentType: "application/json", body: JSON.stringify({ challenge: text }) };
}

/** Its token names the sender and a time at which it ends, and says nothing of the event. */
export const monday = makeProvider(
  {
    name: "monday",
    title: "monday.com",
    tile: "My",
    docs: "https://developer.monday.com/apps/docs/authorization-header",
    isConfirmed: true,
  },
  signedByJwt("authorization", {
    covers: "the sender alone",
    isOverSenderAlone: true,
    problem: ({ exp }) => (typeof exp === "number" ? null : "never ends."),
    claims: (_draft, nowMs) => ({ exp: Math.trunc(nowMs / 1000) + 300 }),
  }),
  {
    type: "event.type",
    id: "event.triggerUuid",
    occurredAt: "event.triggerTime",
    resourceId: ["event.pulseId", "event.boardId"],
    example: "create_pulse",
  },
  {
    isHeaderShared: true,
    handshake: { isSigned: false, answer },
    bodyFields: ["event.type", "event.triggerUuid", "challenge"],
    fieldWords: { secret: { label: "Signing secret", help: "Of the app: Basic information." } },
  },
);
