import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const SIGNATURE = "x-wc-webhook-signature";
const PING = /^webhook_id=\d{1,20}$/;
const MAX_PING_BYTES = 64;

/** A webhook that is saved for the first time tries its URL by a form that nobody signs, and takes 200 alone for an answer. */
function answer(inbound: Inbound): Challenge | null {
  const isPing =
    inbound.method === "POST" &&
    inbound.body.length <= MAX_PING_BYTES &&
    firstHeader(inbound, SIGNATURE) === undefined &&
    PING.test(inbound.body.toString("latin1"));
  return isPing ? { status: 200, contentType: "text/plain; charset=utf-8", body: "" } : null;
}

/** The body's `id` is the order's, the same for each of its changes: only the delivery has an id of its own. */
export const woocommerce = makeProvider(
  {
    name: "woocommerce",
    title: "WooCommerce",
    tile: "Wc",
    docs: "https://woocommerce.com/document/webhooks/",
    isConfirmed: true,
  },
  signedBy([SIGNATURE], overTemplate({ sign: "{body}", encoding: "base64" }), "token"),
  {
    type: "header:x-wc-webhook-topic",
    id: "header:x-wc-webhook-delivery-id",
    occurredAt: ["date_modified_gmt", "date_created_gmt"],
    resourceId: "id",
    example: "order.updated",
  },
  { handshake: { isSigned: false, answer } },
);
