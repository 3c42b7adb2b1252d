import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/** The id of a delivery, the same on each try, is told by its source: `execute-webhook.handler.ts` of documenso/documenso. */
export const documenso = makeProvider(
  {
    name: "documenso",
    title: "Documenso",
    tile: "Dm",
    docs: "https://docs.documenso.com/docs/developers/webhooks/verification",
    isConfirmed: true,
  },
  sharedToken("x-documenso-secret"),
  { type: "event", id: "deliveryId", occurredAt: "createdAt", resourceId: "payload.id", example: "DOCUMENT_COMPLETED" },
);
