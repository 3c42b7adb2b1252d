import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const vercel = makeProvider(
  {
    name: "vercel",
    title: "Vercel",
    tile: "Ve",
    docs: "https://vercel.com/docs/webhooks/webhooks-api",
    isConfirmed: true,
  },
  signedBy(["x-vercel-signature"], overTemplate({ sign: "{body}", algorithm: "sha1", encoding: "hex" })),
  {
    type: "type",
    id: "id",
    occurredAt: "createdAt",
    resourceId: ["payload.deployment.id", "payload.project.id", "payload.domain.name"],
    example: "deployment.succeeded",
  },
);
