import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const typeform = makeProvider(
  {
    name: "typeform",
    title: "Typeform",
    tile: "Ty",
    docs: "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
    isConfirmed: true,
  },
  signedBy(["typeform-signature"], overTemplate({ sign: "{body}", encoding: "base64", prefix: "sha256=" }), "token"),
  {
    type: "event_type",
    id: "event_id",
    occurredAt: "form_response.submitted_at",
    resourceId: "form_response.form_id",
    example: "form_response",
  },
);
