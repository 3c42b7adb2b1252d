import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const bitbucket = makeProvider(
  {
    name: "bitbucket",
    title: "Bitbucket",
    tile: "Bt",
    docs: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
    isConfirmed: true,
  },
  signedBy(["x-hub-signature"], overTemplate({ sign: "{body}", encoding: "hex", prefix: "sha256=" }), "token"),
  { type: "header:x-event-key", id: "header:x-request-uuid", resourceId: "repository.uuid", example: "repo:push" },
  { isHeaderShared: true },
);
