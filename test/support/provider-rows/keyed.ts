// Providers that prove themselves by a key of their own, a token, or user name and password.
import { createHash, createHmac } from "node:crypto";
import { ED25519_HEX, P256_SPKI, signEd25519, signP256 } from "./keys.ts";
import { hex, type ProviderRow, type ProviderRows, URL_OF_SOURCE } from "./row.ts";

const BASIC = { username: "switch", password: "yard-0123456789" };
const basic: Pick<ProviderRow, "auth" | "secret" | "isToken" | "sign"> = {
  auth: BASIC,
  secret: BASIC.password,
  isToken: true,
  sign: ({ secret }) => ({
    headers: [["Authorization", `Basic ${Buffer.from(`${BASIC.username}:${secret}`).toString("base64")}`]],
  }),
};

const jwt = (claims: object, secret: string) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT", kid: "1" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
};

const META_SECRET = "shh-0123456789abcdef";
const metaQuery = (token: string) =>
  `${URL_OF_SOURCE}&hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`;
const meta = (object: string, id: string): ProviderRow => ({
  auth: { secret: META_SECRET, verify_token: "meatyhamhock" },
  sign: ({ secret, body }) => ({ headers: [["X-Hub-Signature-256", `sha256=${hex(secret, body)}`]] }),
  body: { object, entry: [{ id, time: 1760000000, changes: [{ field: "messages", value: {} }] }] },
  event: { type: object, id: null, occurredAt: 1760000000, resourceId: id },
  probes: [
    {
      method: "GET",
      url: metaQuery("meatyhamhock"),
      answer: { status: 200, contentType: "text/plain", body: "1158201444" },
    },
  ],
});

export const keyedRows: ProviderRows = {
  CHARGEBEE: {
    ...basic,
    body: {
      id: "ev_16BHbhF4s42tO2lK",
      occurred_at: 1760000000,
      event_type: "subscription_created",
      content: { subscription: { id: "16BHbhF4s42tJ2lJ" } },
    },
    event: {
      type: "subscription_created",
      id: "ev_16BHbhF4s42tO2lK",
      occurredAt: 1760000000,
      resourceId: "16BHbhF4s42tJ2lJ",
    },
  },
  DISCORD: {
    auth: { public_key: ED25519_HEX },
    secret: "",
    sign: ({ body, seconds }) => ({
      headers: [
        ["X-Signature-Timestamp", String(seconds)],
        ["X-Signature-Ed25519", signEd25519(`${seconds}${body}`).toString("hex")],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["x-signature-timestamp"],
    body: {
      version: 1,
      application_id: "1234560123453231555",
      type: 1,
      event: {
        type: "APPLICATION_AUTHORIZED",
        timestamp: "2026-11-20T09:30:00.000000",
        data: { user: { id: "80351110224678912" } },
      },
    },
    event: {
      type: "APPLICATION_AUTHORIZED",
      id: null,
      occurredAt: "2026-11-20T09:30:00.000000",
      resourceId: "80351110224678912",
    },
    probes: [
      {
        method: "POST",
        body: '{"application_id":"1","id":"2","token":"t","type":1,"version":1}',
        answer: { status: 200, contentType: "application/json", body: '{"type":1}' },
      },
      {
        method: "POST",
        body: '{"version":1,"application_id":"1","type":0}',
        answer: { status: 204, contentType: "application/json", body: "" },
      },
    ],
  },
  FUSIONAUTH: {
    sign: ({ secret, body }) => {
      const digest = createHash("sha256").update(body).digest("base64");
      return { headers: [["X-FusionAuth-Signature-JWT", jwt({ request_body_sha256: digest }, secret)]] };
    },
    body: {
      event: {
        id: "a2c1b9a2-b5d8-4f12-8e69-0f3b7b2c9a11",
        type: "user.create.complete",
        createInstant: 1760000000123,
        user: { id: "00000000-0000-0001-0000-000000000001" },
      },
    },
    event: {
      type: "user.create.complete",
      id: "a2c1b9a2-b5d8-4f12-8e69-0f3b7b2c9a11",
      occurredAt: 1760000000123,
      resourceId: "00000000-0000-0001-0000-000000000001",
    },
  },
  INSTAGRAM: meta("instagram", "17841405793187218"),
  MAILCHIMP: {
    isToken: true,
    sign: ({ secret, url }) => ({ url: `${url}&secret=${secret}` }),
    headers: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: "type=subscribe&fired_at=2026-11-20+09%3A30%3A00&data%5Bid%5D=8a25ff1d98&data%5Blist_id%5D=a6b5da1054",
    event: { type: "subscribe", id: null, occurredAt: "2026-11-20 09:30:00", resourceId: "8a25ff1d98" },
    probes: [{ method: "GET", answer: { status: 200, contentType: "text/plain", body: "" } }],
  },
  MATTERMOST: {
    isToken: true,
    sign: ({ secret, body }) => ({ body: JSON.stringify({ token: secret, ...JSON.parse(body) }) }),
    body: {
      channel_id: "hawos4dqtby53pd64o4a4cmeoo",
      post_id: "axdygg1957njfe5pu38saikdho",
      timestamp: 1760000000,
      trigger_word: "deploy",
      text: "deploy now",
    },
    event: {
      type: "deploy",
      id: "axdygg1957njfe5pu38saikdho",
      occurredAt: 1760000000,
      resourceId: "hawos4dqtby53pd64o4a4cmeoo",
    },
  },
  META: meta("page", "67512801621"),
  PIPEDRIVE: {
    ...basic,
    body: {
      meta: {
        action: "change",
        id: "d1f4e7f9-5c5d-4c0d-9e59-0a3c2a2f1d10",
        entity: "deal",
        entity_id: "42",
        timestamp: "2026-11-20T09:30:00.000Z",
        version: "2.0",
      },
      data: { id: 42, title: "Deal" },
    },
    event: {
      type: "change.deal",
      id: "d1f4e7f9-5c5d-4c0d-9e59-0a3c2a2f1d10",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "42",
    },
  },
  POSTMARK: {
    ...basic,
    body: {
      RecordType: "Delivery",
      MessageID: "883953f4-6105-42a2-a16a-77a8eac79483",
      DeliveredAt: "2026-11-20T09:30:00Z",
      Recipient: "ada@example.com",
    },
    event: {
      type: "Delivery",
      id: null,
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "883953f4-6105-42a2-a16a-77a8eac79483",
    },
  },
  SENDGRID: {
    auth: { public_key: P256_SPKI },
    secret: "",
    sign: ({ body, seconds }) => ({
      headers: [
        ["X-Twilio-Email-Event-Webhook-Timestamp", String(seconds)],
        ["X-Twilio-Email-Event-Webhook-Signature", signP256(`${seconds}${body}`).toString("base64")],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["x-twilio-email-event-webhook-timestamp"],
    body: [
      {
        event: "delivered",
        sg_event_id: "ZGVsaXZlcmVk",
        sg_message_id: "14c5d75ce93.dfd.64b469",
        timestamp: 1760000000,
      },
    ],
    event: { type: "delivered", id: "ZGVsaXZlcmVk", occurredAt: 1760000000, resourceId: "14c5d75ce93.dfd.64b469" },
  },
  WHATSAPP: meta("whatsapp_business_account", "102290129340398"),
};
