import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const logto = makeProvider(
  {
    name: "logto",
    title: "Logto",
    tile: "Lg",
    docs: "https://docs.logto.io/developers/webhooks/secure-webhooks",
    isConfirmed: true,
  },
  signedBy(["logto-signature-sha-256"], overTemplate({ sign: "{body}", encoding: "hex" })),
  { type: "event", occurredAt: "createdAt", resourceId: ["data.id", "userId"], example: "User.Created" },
);
