// Providers that sign the body alone and differ in header, digest and the names of their events.
import type { HmacAlgorithm } from "#server/crypto/hmac.ts";
import type { Encoding } from "#server/providers/hmac-scheme.ts";
import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const digest = (header: string, encoding: Encoding, algorithm: HmacAlgorithm = "sha256") =>
  signedBy([header], overTemplate({ sign: "{body}", encoding, algorithm }));

export const heroku = makeProvider(
  {
    name: "heroku",
    title: "Heroku",
    tile: "He",
    docs: "https://devcenter.heroku.com/articles/app-webhooks",
    isConfirmed: true,
  },
  digest("heroku-webhook-hmac-sha256", "base64"),
  {
    type: "resource+action",
    id: "id",
    occurredAt: "created_at",
    resourceId: ["data.app.id", "data.id"],
    example: "release.update",
  },
);

export const launchdarkly = makeProvider(
  {
    name: "launchdarkly",
    title: "LaunchDarkly",
    tile: "Ld",
    docs: "https://launchdarkly.com/docs/home/infrastructure/webhooks",
    isConfirmed: true,
  },
  digest("x-ld-signature", "hex"),
  {
    type: "kind",
    id: "_id",
    occurredAt: "date",
    resourceId: ["target._links.canonical.href", "name"],
    example: "flag",
  },
);

/** The snippets of Paystack's own documentation sign so: `verifying-transaction` in PaystackOSS/doc-code-snippets. */
export const paystack = makeProvider(
  {
    name: "paystack",
    title: "Paystack",
    tile: "Ps",
    docs: "https://paystack.com/docs/payments/webhooks/",
    isConfirmed: true,
  },
  digest("x-paystack-signature", "hex", "sha512"),
  {
    type: "event",
    occurredAt: ["data.paid_at", "data.created_at", "data.createdAt"],
    resourceId: ["data.id", "data.reference"],
    example: "charge.success",
  },
  { fieldWords: { secret: { label: "Secret key", help: "The secret key of the integration signs its webhooks." } } },
);

export const segment = makeProvider(
  {
    name: "segment",
    title: "Segment",
    tile: "Se",
    docs: "https://www.twilio.com/docs/segment/connections/destinations/catalog/webhooks",
    isConfirmed: true,
  },
  digest("x-signature", "hex", "sha1"),
  {
    type: "type",
    id: "messageId",
    occurredAt: ["timestamp", "receivedAt"],
    resourceId: ["userId", "anonymousId"],
    example: "track",
  },
  { isHeaderShared: true, fieldWords: { secret: { label: "Shared secret" } } },
);

export const thinkific = makeProvider(
  {
    name: "thinkific",
    title: "Thinkific",
    tile: "Th",
    docs: "https://support.thinkific.dev/hc/en-us/articles/4422685850775",
    isConfirmed: true,
  },
  digest("x-thinkific-hmac-sha256", "hex"),
  { type: "resource+action", id: "id", occurredAt: "created_at", resourceId: "payload.id", example: "order.created" },
  { fieldWords: { secret: { label: "API key", help: "Or the client secret, where an app made the webhook." } } },
);

export const uber = makeProvider(
  {
    name: "uber",
    title: "Uber",
    tile: "Ub",
    docs: "https://developer.uber.com/docs/drivers/guides/webhooks",
    isConfirmed: true,
  },
  digest("x-uber-signature", "hex"),
  {
    type: "event_type",
    id: "event_id",
    occurredAt: "event_time",
    resourceId: ["meta.resource_id", "resource_href"],
    example: "orders.notification",
  },
  {
    fieldWords: {
      secret: { label: "Client secret", help: "Or the signing key, where Uber shows one beside the URL." },
    },
  },
);
