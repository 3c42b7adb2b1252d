import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { isoTime } from "#server/providers/timestamps.ts";

/**
 * The body of a trigger or an automation is its author's, and an `id` there is mostly the ticket's: only the invocation's tells
 * two apart.
 */
export const zendesk = makeProvider(
  {
    name: "zendesk",
    title: "Zendesk",
    tile: "Ze",
    docs: "https://developer.zendesk.com/documentation/webhooks/verifying/",
    isConfirmed: true,
  },
  signedBy(
    ["x-zendesk-webhook-signature"],
    overTemplate({
      sign: "{timestamp}{body}",
      encoding: "base64",
      // Zendesk names no tolerance. It signs each try anew, so the usual one holds.
      timestamp: { header: "x-zendesk-webhook-signature-timestamp", parse: isoTime, toleranceSeconds: 300 },
    }),
  ),
  {
    type: "type",
    id: "header:x-zendesk-webhook-invocation-id",
    occurredAt: "time",
    resourceId: "detail.id",
    example: "zen:event-type:ticket.created",
  },
);
