import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

export const revolut = makeProvider(
  {
    name: "revolut",
    title: "Revolut",
    tile: "Rv",
    docs: "https://developer.revolut.com/docs/guides/merchant/monitor-and-observe/webhooks/verify-the-payload-signature",
    isConfirmed: true,
  },
  signedBy(
    ["revolut-signature"],
    overTemplate({
      sign: "v1.{timestamp}.{body}",
      encoding: "hex",
      prefix: "v1=",
      timestamp: { header: "revolut-request-timestamp", parse: unixMilliseconds, toleranceSeconds: 300 },
    }),
  ),
  { type: "event", occurredAt: "timestamp", resourceId: ["order_id", "data.id"], example: "ORDER_COMPLETED" },
);
