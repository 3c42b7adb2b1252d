import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/**
 * The secret is the macSecretBase64 of the webhook. A request says only in which base something changed, and is to be
 * answered without a body.
 */
export const airtable = makeProvider(
  {
    name: "airtable",
    title: "Airtable",
    tile: "At",
    docs: "https://airtable.com/developers/web/api/webhooks-overview",
    isConfirmed: true,
  },
  signedBy(
    ["x-airtable-content-mac"],
    overTemplate({ sign: "{body}", encoding: "hex", prefix: "hmac-sha256=", key: { encoding: "base64" } }),
  ),
  { occurredAt: "timestamp", resourceId: "base.id" },
  { response: { status: 200, content_type: "text/plain", body: "" } },
);
