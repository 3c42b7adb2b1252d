import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

export const emailit = makeProvider(
  {
    name: "emailit",
    title: "Emailit",
    tile: "Em",
    docs: "https://emailit.com/docs/webhooks/request-signature/",
    isConfirmed: true,
  },
  signedBy(
    ["x-emailit-signature"],
    overTemplate({
      sign: "{timestamp}.{body}",
      encoding: "hex",
      timestamp: { header: "x-emailit-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
    }),
  ),
  { type: "type", id: "event_id", occurredAt: "created_at", resourceId: "data.object.id", example: "email.delivered" },
);
