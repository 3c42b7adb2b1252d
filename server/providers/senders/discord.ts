import { field } from "#server/providers/body-fields.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge, RawIdentity } from "#server/providers/provider.ts";
import { signedByKey } from "#server/providers/public-key.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type */
const INTERACTIONS: Record<string, string> = {
  2: "APPLICATION_COMMAND",
  3: "MESSAGE_COMPONENT",
  4: "APPLICATION_COMMAND_AUTOCOMPLETE",
  5: "MODAL_SUBMIT",
};

/** The endpoint of interactions is pinged by type 1, that of webhook events by type 0, whose events have type 1. */
function answer(_inbound: Inbound, body: () => unknown): Challenge | null {
  const message = body();
  const type = field(message, "type");
  if (type === 0) return { status: 204, contentType: "application/json", body: "" };
  if (type !== 1 || field(message, "event") !== undefined) return null;
  return { status: 200, contentType: "application/json", body: '{"type":1}' };
}

function identify(_inbound: Inbound, body: () => unknown): RawIdentity {
  const message = body();
  return {
    eventType: field(field(message, "event"), "type") ?? INTERACTIONS[String(field(message, "type"))],
    providerEventId: field(message, "id"),
  };
}

/** Its library says what is signed: `verifyKey` of discord/discord-interactions-js. */
export const discord = makeProvider(
  {
    name: "discord",
    title: "Discord",
    tile: "Di",
    docs: "https://discord.com/developers/docs/interactions/overview",
    isConfirmed: true,
  },
  signedByKey("x-signature-ed25519", {
    kind: "ed25519",
    encoding: "hex",
    sign: "{timestamp}{body}",
    timestamp: { header: "x-signature-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
  }),
  { occurredAt: "event.timestamp", resourceId: ["event.data.user.id", "channel_id", "guild_id"] },
  {
    identify,
    bodyFields: ["type", "event.type", "id"],
    handshake: { isSigned: true, answer },
    fieldWords: { public_key: { label: "Public key", help: "On the page General Information of the application." } },
  },
);
