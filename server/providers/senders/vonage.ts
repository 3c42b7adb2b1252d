import { createHash } from "node:crypto";
import type { Inbound } from "#server/providers/inbound.ts";
import { signedByJwt } from "#server/providers/jwt-proof.ts";
import { makeProvider } from "#server/providers/make-provider.ts";

const hashOf = ({ body }: Inbound) => createHash("sha256").update(body).digest("hex");

/** One message has a webhook for each of its states, all under its one id. */
export const vonage = makeProvider(
  {
    name: "vonage",
    title: "Vonage",
    tile: "Vo",
    docs: "https://developer.vonage.com/en/getting-started/concepts/webhooks",
    isConfirmed: true,
  },
  signedByJwt("authorization", {
    prefix: "Bearer ",
    covers: "the hash of the body",
    problem: (claims, inbound) =>
      claims.payload_hash === hashOf(inbound) ? null : "is over another body than what was received.",
    claims: (draft, nowMs) => ({ iat: Math.trunc(nowMs / 1000), payload_hash: hashOf(draft) }),
  }),
  {
    type: ["status", "event", "message_type"],
    id: ["message_uuid", "uuid"],
    isIdShared: true,
    occurredAt: "timestamp",
    resourceId: ["message_uuid", "conversation_uuid"],
    example: "delivered",
  },
  {
    isHeaderShared: true,
    fieldWords: { secret: { label: "Signature secret", help: "In the settings of the account." } },
  },
);
