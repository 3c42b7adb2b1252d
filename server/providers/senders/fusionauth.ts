import { createHash } from "node:crypto";
import type { Inbound } from "#server/providers/inbound.ts";
import { signedByJwt } from "#server/providers/jwt-proof.ts";
import { makeProvider } from "#server/providers/make-provider.ts";

const hashOf = ({ body }: Inbound) => createHash("sha256").update(body).digest("base64");

export const fusionauth = makeProvider(
  {
    name: "fusionauth",
    title: "FusionAuth",
    tile: "Fa",
    docs: "https://fusionauth.io/docs/extend/events-and-webhooks/signing",
    isConfirmed: true,
  },
  signedByJwt("x-fusionauth-signature-jwt", {
    covers: "the hash of the body",
    problem: (claims, inbound) =>
      claims.request_body_sha256 === hashOf(inbound) ? null : "is over another body than what was received.",
    claims: (draft) => ({ request_body_sha256: hashOf(draft) }),
  }),
  {
    type: "event.type",
    id: "event.id",
    occurredAt: "event.createInstant",
    resourceId: ["event.user.id", "event.tenantId"],
    example: "user.create.complete",
  },
  { fieldWords: { secret: { label: "Signing key", help: "The HMAC secret (HS256), or the public key as PEM." } } },
);
