import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** The timestamp is signed as it is written. Klaviyo names no age at which a request is too old, and brings several events at once. */
export const klaviyo = makeProvider(
  {
    name: "klaviyo",
    title: "Klaviyo",
    tile: "Kl",
    docs: "https://developers.klaviyo.com/en/docs/working_with_system_webhooks",
    isConfirmed: true,
  },
  signedBy(["klaviyo-signature"], overTemplate({ sign: "{body}{klaviyo-timestamp}", encoding: "hex" }), "token"),
  {
    list: { at: "data", type: "topic", id: "external_id+topic" },
    example: "event:klaviyo.opened_email",
    occurredAt: "header:klaviyo-timestamp",
    resourceId: "data.0.external_id",
  },
);
