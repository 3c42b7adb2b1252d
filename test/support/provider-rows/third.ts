// As `first.ts`: more providers, each signed as its page says.
import { createHash, createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { base64, hex, type ProviderRows } from "./row.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const AT = "2026-11-20T09:30:00Z";

export const thirdRows: ProviderRows = {
  AUTH0: {
    isToken: true,
    sign: ({ secret }) => ({ headers: [["Authorization", secret]] }),
    body: [{ log_id: "9002", data: { type: "s", date: AT, user_id: "auth0|6" } }],
    event: { type: "s", id: "9002", occurredAt: AT, resourceId: "auth0|6" },
  },
  BIGCOMMERCE: {
    isTokenToo: true,
    // The library takes base64: BigCommerce's page encodes the client secret for it.
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["webhook-id", "msg_1"],
        ["webhook-timestamp", String(seconds)],
        [
          "webhook-signature",
          new Webhook(Buffer.from(secret).toString("base64")).sign("msg_1", new Date(seconds * 1000), body),
        ],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["webhook-id", "webhook-timestamp"],
    body: {
      created_at: 1760000000,
      store_id: "11111",
      producer: "stores/abcde",
      scope: "store/order/statusUpdated",
      hash: "3f9ea420af83450d7ef9f78b08c8af25b2213637",
      data: { type: "order", id: 173331 },
    },
    event: {
      type: "store/order/statusUpdated",
      id: "3f9ea420af83450d7ef9f78b08c8af25b2213637",
      occurredAt: 1760000000,
      resourceId: 173331,
    },
  },
  DATADOG: {
    isToken: true,
    sign: ({ secret }) => ({ headers: [["Authorization", secret]] }),
    body: {
      id: "7104517398371294726",
      event_type: "metric_alert_monitor",
      last_updated: 1760000000000,
      date: 1760000000000,
      org: { id: 11023, name: "An org" },
    },
    event: {
      type: "metric_alert_monitor",
      id: "7104517398371294726",
      occurredAt: 1760000000000,
      resourceId: 11023,
    },
  },
  FLUTTERWAVE_V4: {
    sign: ({ secret, body }) => ({ headers: [["flutterwave-signature", base64(secret, body)]] }),
    body: {
      webhook_id: "wbk_KRspxB3lHSS3LRDjbvhO",
      timestamp: 1760000000123,
      type: "charge.completed",
      data: { id: "chg_BDpgs9Yv9w" },
    },
    event: {
      type: "charge.completed",
      id: "wbk_KRspxB3lHSS3LRDjbvhO",
      occurredAt: 1760000000123,
      resourceId: "chg_BDpgs9Yv9w",
    },
  },
  HEROKU: {
    sign: ({ secret, body }) => ({ headers: [["Heroku-Webhook-Hmac-SHA256", base64(secret, body)]] }),
    body: {
      id: "4f3f5a2c-1b0e-4c9b-8a43-0f3f5a2c1b0e",
      action: "update",
      resource: "release",
      created_at: AT,
      data: { id: "r1", app: { id: "a1", name: "app" } },
    },
    event: { type: "release.update", id: "4f3f5a2c-1b0e-4c9b-8a43-0f3f5a2c1b0e", occurredAt: AT, resourceId: "a1" },
  },
  LAUNCHDARKLY: {
    sign: ({ secret, body }) => ({ headers: [["X-LD-Signature", hex(secret, body)]] }),
    body: { _id: "5a7e2d8d", kind: "flag", date: 1760000000123, name: "My flag", titleVerb: "turned on the flag" },
    event: { type: "flag", id: "5a7e2d8d", occurredAt: 1760000000123, resourceId: "My flag" },
  },
  PAYSTACK: {
    sign: ({ secret, body }) => ({ headers: [["x-paystack-signature", hex(secret, body, "sha512")]] }),
    body: { event: "charge.success", data: { id: 302961, reference: "qTPrJoy9Bx", paid_at: AT } },
    event: { type: "charge.success", id: null, occurredAt: AT, resourceId: 302961 },
  },
  SANITY: {
    sign: ({ secret, body, seconds }) => {
      const digest = createHmac("sha256", secret)
        .update(`${seconds * 1000}.${body}`)
        .digest("base64url");
      return { headers: [["sanity-webhook-signature", `t=${seconds * 1000},v1=${digest}`]] };
    },
    toleranceSeconds: 300,
    headers: [
      ["sanity-operation", "update"],
      ["idempotency-key", "k-1"],
    ],
    body: { _id: "drafts.1", _type: "post", _updatedAt: AT },
    event: { type: "update", id: "k-1", occurredAt: AT, resourceId: "drafts.1" },
  },
  SEGMENT: {
    sign: ({ secret, body }) => ({ headers: [["X-Signature", hex(secret, body, "sha1")]] }),
    body: { type: "track", event: "Paid", messageId: "ajs-1", timestamp: AT, userId: "u1" },
    event: { type: "track", id: "ajs-1", occurredAt: AT, resourceId: "u1" },
  },
  TEBEX: {
    sign: ({ secret, body }) => ({ headers: [["X-Signature", hex(secret, sha256(body))]] }),
    body: {
      id: "2c116b11-1110-91e0-b266-b792c8da5f11",
      type: "payment.completed",
      date: AT,
      subject: { transaction_id: "tbx-1" },
    },
    event: {
      type: "payment.completed",
      id: "2c116b11-1110-91e0-b266-b792c8da5f11",
      occurredAt: AT,
      resourceId: "tbx-1",
    },
    probes: [
      {
        method: "POST",
        body: '{"id":"2c116b11-1110-91e0-b266-b792c8da5f11","type":"validation.webhook","date":"2021-08-24T12:21:47+00:00","subject":{}}',
        answer: {
          status: 200,
          contentType: "application/json",
          body: '{"id":"2c116b11-1110-91e0-b266-b792c8da5f11"}',
        },
      },
    ],
  },
  THINKIFIC: {
    sign: ({ secret, body }) => ({ headers: [["X-Thinkific-Hmac-Sha256", hex(secret, body)]] }),
    body: {
      id: "20190131191810790022472",
      resource: "enrollment",
      action: "created",
      created_at: AT,
      payload: { id: 3 },
    },
    event: { type: "enrollment.created", id: "20190131191810790022472", occurredAt: AT, resourceId: 3 },
  },
  TIKTOK: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["TikTok-Signature", `t=${seconds},s=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 300,
    body: {
      client_key: "bwo2m45353a6k85",
      event: "video.publish.completed",
      create_time: 1760000000,
      user_openid: "act.example12345",
      content: '{"share_id":"v.1"}',
    },
    event: { type: "video.publish.completed", id: null, occurredAt: 1760000000, resourceId: "act.example12345" },
  },
  UBER: {
    sign: ({ secret, body }) => ({ headers: [["X-Uber-Signature", hex(secret, body)]] }),
    body: {
      event_id: "c4d2261e-2779-4eb6-beb0-cb41235c751e",
      event_time: 1760000000,
      event_type: "orders.notification",
      meta: { resource_id: "153dd7f1-339d-4619-940c-418943c14636", status: "pos" },
    },
    event: {
      type: "orders.notification",
      id: "c4d2261e-2779-4eb6-beb0-cb41235c751e",
      occurredAt: 1760000000,
      resourceId: "153dd7f1-339d-4619-940c-418943c14636",
    },
  },
  VONAGE: {
    sign: ({ secret, body, seconds }) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const claims = { iat: seconds, jti: "1", iss: "Vonage", payload_hash: sha256(body), api_key: "a1b2c3d" };
      const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
      const signature = createHmac("sha256", secret).update(text).digest("base64url");
      return { headers: [["Authorization", `Bearer ${text}.${signature}`]] };
    },
    body: {
      message_uuid: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
      timestamp: AT,
      status: "delivered",
      channel: "sms",
      to: "447700900000",
    },
    event: {
      type: "delivered",
      id: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
      occurredAt: AT,
      resourceId: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    },
  },
};
