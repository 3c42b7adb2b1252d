import { createHash } from "node:crypto";
import type { Inbound } from "#server/providers/inbound.ts";
import { signedByJwt } from "#server/providers/jwt-proof.ts";
import { makeProvider } from "#server/providers/make-provider.ts";

const hashOf = ({ body }: Inbound) => createHash("sha256").update(body).digest("hex");

export const netlify = makeProvider(
  {
    name: "netlify",
    title: "Netlify",
    tile: "Nf",
    docs: "https://docs.netlify.com/site-deploys/notifications/#payload-signature",
    isConfirmed: true,
  },
  signedByJwt("x-webhook-signature", {
    covers: "the hash of the body",
    problem: ({ iss, sha256 }, inbound) =>
      iss === "netlify" && sha256 === hashOf(inbound) ? null : "is over another body than what was received.",
    claims: (draft) => ({ iss: "netlify", sha256: hashOf(draft) }),
  }),
  { type: "state", occurredAt: ["published_at", "updated_at"], resourceId: ["id", "site_id"], example: "ready" },
  { isHeaderShared: true, fieldWords: { secret: { label: "JWS secret token" } } },
);
