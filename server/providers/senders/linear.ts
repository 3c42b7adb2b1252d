import { outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "#server/providers/body-fields.ts";
import { overBody } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const TIMESTAMP = wantedAt(["webhookTimestamp"]);

/** `webhookTimestamp` (Unix ms) of a body. Null when absent: the signature covers the body, so no sender took it out. */
function bodyTimestampMs(body: Buffer): number | null {
  const stamp = field(outlineJson(body, TIMESTAMP), "webhookTimestamp");
  return typeof stamp === "number" && Number.isSafeInteger(stamp) ? stamp : null;
}

export const linear = makeProvider(
  { name: "linear", title: "Linear", tile: "Li", docs: "https://linear.app/developers/webhooks", isConfirmed: true },
  signedBy(["linear-signature"], {
    ...overBody({ algorithm: "sha256", encoding: "hex" }),
    covers: "body",
    toleranceSeconds: 60,
    bodyTimestampMs,
  }),
  {
    type: ["header:linear-event", "type"],
    id: "header:linear-delivery",
    occurredAt: ["createdAt", "webhookTimestamp"],
    resourceId: "data.id",
    example: "Issue",
  },
);
