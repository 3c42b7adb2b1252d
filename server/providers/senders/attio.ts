import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const attio = makeProvider(
  {
    name: "attio",
    title: "Attio",
    tile: "Ao",
    docs: "https://docs.attio.com/rest-api/guides/webhooks",
    isConfirmed: false,
  },
  signedBy(["attio-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  {
    list: { at: "events", type: "event_type" },
    example: "record.created",
    id: "header:idempotency-key",
    resourceId: "events.0.id.record_id",
  },
);
