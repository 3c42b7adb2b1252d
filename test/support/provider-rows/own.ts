// Providers whose signatures have forms of their own, each as its page says.
import { createHash, createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { ED25519_BASE64, signEd25519 } from "./keys.ts";
import { base64, hex, type ProviderRows, URL_OF_SOURCE } from "./row.ts";

const FORM: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
const TEXT = "text/plain; charset=utf-8";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
/** A compact JWT (RFC 7515) by HS256. */
const jwt = (claims: object, secret: string) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
};

export const ownRows: ProviderRows = {
  ASANA: {
    sign: ({ secret, body }) => ({ headers: [["X-Hook-Signature", hex(secret, body)]] }),
    body: {
      events: [
        {
          action: "changed",
          resource: { gid: "1337", resource_type: "task" },
          created_at: "2026-11-20T09:30:00.000Z",
        },
      ],
    },
    event: { type: "task.changed", id: null, occurredAt: "2026-11-20T09:30:00.000Z", resourceId: "1337" },
    probes: [
      {
        method: "POST",
        headers: [["X-Hook-Secret", "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"]],
        answer: {
          status: 200,
          contentType: TEXT,
          body: "",
          headers: [["x-hook-secret", "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"]],
        },
      },
    ],
  },
  BOX: {
    sign: ({ secret, body, seconds }) => {
      const time = new Date(seconds * 1000).toISOString().replace(".000Z", "+00:00");
      return {
        headers: [
          ["Box-Delivery-Id", "f96bb54b-ee16-4fc5-aa65-8c2d9e5b546f"],
          ["Box-Delivery-Timestamp", time],
          ["Box-Signature-Primary", base64(secret, body + time)],
        ],
      };
    },
    toleranceSeconds: 600,
    signedHeaders: ["box-delivery-timestamp"],
    body: {
      type: "webhook_event",
      id: "eb0c4e06-751f-442c-86f8-fd5bb404dbec",
      created_at: "2026-11-20T09:30:00-08:00",
      trigger: "FILE.PREVIEWED",
      source: { id: "73835521473", type: "file" },
    },
    event: {
      type: "FILE.PREVIEWED",
      id: "eb0c4e06-751f-442c-86f8-fd5bb404dbec",
      occurredAt: "2026-11-20T09:30:00-08:00",
      resourceId: "73835521473",
    },
  },
  CONTENTFUL: {
    sign: ({ secret, body, seconds }) => {
      const names = ["x-contentful-topic", "x-contentful-signed-headers", "x-contentful-timestamp"];
      const time = String(seconds * 1000);
      const signed = `x-contentful-topic:ContentManagement.Entry.publish;x-contentful-signed-headers:${names};x-contentful-timestamp:${time}`;
      return {
        headers: [
          ["X-Contentful-Signed-Headers", String(names)],
          ["X-Contentful-Timestamp", time],
          ["X-Contentful-Signature", hex(secret, `POST\n/e/key?team=a%20b&x=1\n${signed}\n${body}`)],
        ],
      };
    },
    toleranceSeconds: 300,
    signedHeaders: ["x-contentful-topic", "x-contentful-signed-headers", "x-contentful-timestamp"],
    headers: [["X-Contentful-Topic", "ContentManagement.Entry.publish"]],
    body: { sys: { type: "Entry", id: "5KsDBWseXY6QegucYAoacS", updatedAt: "2026-11-20T09:30:00.000Z" }, fields: {} },
    event: {
      type: "ContentManagement.Entry.publish",
      id: null,
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "5KsDBWseXY6QegucYAoacS",
    },
  },
  DOCUSIGN: {
    sign: ({ secret, body }) => ({
      headers: [["X-DocuSign-Signature-1", base64(secret, body)]],
    }),
    body: {
      event: "envelope-completed",
      apiVersion: "v2.1",
      generatedDateTime: "2026-11-20T09:30:00.000Z",
      data: { accountId: "a1", envelopeId: "7a4c9f0d-5c6e-4a63-8f6e-1f5b1f5d8f7a" },
    },
    event: {
      type: "envelope-completed",
      id: null,
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "7a4c9f0d-5c6e-4a63-8f6e-1f5b1f5d8f7a",
    },
  },
  MANDRILL: {
    sign: ({ secret, body, url }) => {
      const sorted = [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1));
      const text = url + sorted.map(([name, value]) => name + value).join("");
      return { headers: [["X-Mandrill-Signature", base64(secret, text, "sha1")]] };
    },
    signsUrl: true,
    headers: [FORM],
    body: new URLSearchParams({
      mandrill_events: '[{"event":"send","_id":"exampleaaaaaaaaa","ts":1760000000}]',
    }).toString(),
    event: { type: "send", id: "exampleaaaaaaaaa.send.1760000000" },
    probes: [{ method: "HEAD", answer: { status: 200, contentType: TEXT, body: "" } }],
  },
  MONDAY: {
    isToken: true,
    sign: ({ secret, seconds }) => ({
      headers: [["Authorization", jwt({ accountId: 1825529, aud: URL_OF_SOURCE, exp: seconds + 300 }, secret)]],
    }),
    body: {
      event: {
        userId: 9603417,
        boardId: 1771812698,
        pulseId: 1772099344,
        type: "create_pulse",
        triggerTime: "2026-11-20T09:30:00.264Z",
        triggerUuid: "b5ed2e17c530f43668de130142445cba",
      },
    },
    event: {
      type: "create_pulse",
      id: "b5ed2e17c530f43668de130142445cba",
      occurredAt: "2026-11-20T09:30:00.264Z",
      resourceId: 1772099344,
    },
    probes: [
      {
        method: "POST",
        body: '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}',
        answer: {
          status: 200,
          contentType: "application/json",
          body: '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}',
        },
      },
    ],
  },
  NETLIFY: {
    sign: ({ secret, body }) => {
      const sha256 = createHash("sha256").update(body).digest("hex");
      return { headers: [["X-Webhook-Signature", jwt({ iss: "netlify", sha256 }, secret)]] };
    },
    body: {
      id: "5ebc34bf4fea0b01f02efa3a",
      site_id: "fa4dd95a",
      state: "ready",
      published_at: "2026-11-20T09:30:00.634Z",
    },
    event: { type: "ready", id: null, occurredAt: "2026-11-20T09:30:00.634Z", resourceId: "5ebc34bf4fea0b01f02efa3a" },
  },
  NOTION: {
    sign: ({ secret, body }) => ({ headers: [["X-Notion-Signature", `sha256=${hex(secret, body)}`]] }),
    body: {
      id: "367cba44-b6f3-4c92-81e7-6a2e9659efd4",
      timestamp: "2026-11-20T09:30:00.000Z",
      type: "page.created",
      entity: { id: "153104cd-477e-809d-8dc4-ff2d96ae3090", type: "page" },
    },
    event: {
      type: "page.created",
      id: "367cba44-b6f3-4c92-81e7-6a2e9659efd4",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "153104cd-477e-809d-8dc4-ff2d96ae3090",
    },
    probes: [
      {
        method: "POST",
        body: '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}',
        answer: { status: 200, contentType: "application/json", body: "{}" },
      },
    ],
  },
  PERSONA: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Persona-Signature", `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 300,
    body: {
      data: {
        type: "event",
        id: "evt_XGuWQkvqVPjUJjR4M",
        attributes: {
          name: "inquiry.completed",
          "created-at": "2026-11-20T09:30:00.000Z",
          payload: { data: { type: "inquiry", id: "inq_QPjUJjR4MXGuWQkvqV" } },
        },
      },
    },
    event: {
      type: "inquiry.completed",
      id: "evt_XGuWQkvqVPjUJjR4M",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "inq_QPjUJjR4MXGuWQkvqV",
    },
  },
  RECURLY: {
    sign: ({ secret, body, seconds }) => {
      const time = `${seconds}000`;
      return { headers: [["Recurly-Signature", `${time},${hex(secret, `${time}.${body}`)}`]] };
    },
    toleranceSeconds: 300,
    body: {
      id: "s3r9x1",
      object_type: "subscription",
      event_type: "created",
      event_time: "2026-11-20T09:30:00Z",
      uuid: "5a6b7c",
    },
    event: { type: "subscription.created", id: "s3r9x1", occurredAt: "2026-11-20T09:30:00Z", resourceId: "5a6b7c" },
  },
  TELNYX: {
    auth: { public_key: ED25519_BASE64 },
    secret: "",
    sign: ({ body, seconds }) => ({
      headers: [
        ["Telnyx-Timestamp", String(seconds)],
        ["Telnyx-Signature-Ed25519", signEd25519(`${seconds}|${body}`).toString("base64")],
      ],
    }),
    toleranceSeconds: 300,
    signedHeaders: ["telnyx-timestamp"],
    body: {
      data: {
        event_type: "message.received",
        id: "b301ed3f-1490-491f-995f-6e64e69674d4",
        occurred_at: "2026-11-20T09:30:00.016Z",
        payload: { id: "84cca175-9755-4859-b67f-4730d7f58aa3" },
      },
    },
    event: {
      type: "message.received",
      id: "b301ed3f-1490-491f-995f-6e64e69674d4",
      occurredAt: "2026-11-20T09:30:00.016Z",
      resourceId: "84cca175-9755-4859-b67f-4730d7f58aa3",
    },
  },
  WISE: {
    auth: { public_key: rsa.publicKey.export({ format: "pem", type: "spki" }).toString() },
    secret: "",
    sign: ({ body }) => ({
      headers: [["X-Signature-SHA256", createSign("sha256").update(body).sign(rsa.privateKey, "base64")]],
    }),
    headers: [["X-Delivery-Id", "49bb9ae3-d2c4-4a9b-a8f7-3a5f5f2d4b0d"]],
    body: {
      data: {
        resource: { type: "transfer", id: 111 },
        current_state: "processing",
        occurred_at: "2026-11-20T09:30:00Z",
      },
      event_type: "transfers#state-change",
    },
    event: {
      type: "transfers#state-change",
      id: "49bb9ae3-d2c4-4a9b-a8f7-3a5f5f2d4b0d",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: 111,
    },
  },
};
