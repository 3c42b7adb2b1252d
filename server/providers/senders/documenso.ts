import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

export const documenso = makeProvider(
  {
    name: "documenso",
    title: "Documenso",
    tile: "Dm",
    docs: "https://docs.documenso.com/docs/developers/webhooks/verification",
    isConfirmed: true,
  },
  sharedToken("x-documenso-secret"),
  { type: "event", occurredAt: "createdAt", resourceId: "payload.id", example: "DOCUMENT_COMPLETED" },
);
