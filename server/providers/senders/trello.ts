import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { answerHead } from "#server/providers/probes.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The key is the application's OAuth secret. Trello asks for a URL by HEAD before it uses it. */
export const trello = makeProvider(
  {
    name: "trello",
    title: "Trello",
    tile: "Tr",
    docs: "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks",
    isConfirmed: true,
  },
  signedBy(["x-trello-webhook"], overTemplate({ sign: "{body}{url}", encoding: "base64", algorithm: "sha1" })),
  { type: "action.type", id: "action.id", occurredAt: "action.date", resourceId: "model.id", example: "updateCard" },
  { handshake: answerHead },
);
