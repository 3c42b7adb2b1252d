// Providers with a page of their own on signatures, each signed as its page says.
import { base64, hex, type ProviderRows } from "./row.ts";

export const firstRows: ProviderRows = {
  CALENDLY: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Calendly-Webhook-Signature", `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 180,
    body: {
      event: "invitee.created",
      created_at: "2026-11-20T09:30:00.000000Z",
      created_by: "https://api.calendly.com/users/AAAA",
      payload: { uri: "https://api.calendly.com/scheduled_events/G1/invitees/A1", email: "ada@example.com" },
    },
    event: {
      type: "invitee.created",
      id: null,
      occurredAt: "2026-11-20T09:30:00.000000Z",
      resourceId: "https://api.calendly.com/scheduled_events/G1/invitees/A1",
    },
  },
  GITHUB: {
    sign: ({ secret, body }) => ({ headers: [["X-Hub-Signature-256", `sha256=${hex(secret, body)}`]] }),
    headers: [
      ["X-GitHub-Event", "issues"],
      ["X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
    ],
    body: {
      action: "opened",
      issue: { id: 444500041, number: 1, updated_at: "2026-11-20T09:30:00Z" },
      repository: { id: 186853002, full_name: "octo/hello" },
    },
    event: {
      type: "issues.opened",
      id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: 186853002,
    },
  },
  GITLAB: {
    auth: { secret: "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=" },
    isTokenToo: true,
    sign: ({ secret, body, seconds }) => {
      const key = Buffer.from(secret.replace("whsec_", ""), "base64");
      return {
        headers: [
          ["webhook-id", "b5a188b9"],
          ["webhook-timestamp", String(seconds)],
          ["webhook-signature", `v1,${base64(key, `b5a188b9.${seconds}.${body}`)}`],
        ],
      };
    },
    toleranceSeconds: 300,
    signedHeaders: ["webhook-id", "webhook-timestamp"],
    headers: [["X-Gitlab-Event", "Issue Hook"]],
    body: { object_kind: "issue", object_attributes: { id: 301, updated_at: "2026-11-20 09:30:00 UTC" } },
    event: { type: "Issue Hook", id: "b5a188b9", occurredAt: "2026-11-20 09:30:00 UTC", resourceId: 301 },
  },
  LINEAR: {
    sign: ({ secret, body }) => ({ headers: [["Linear-Signature", hex(secret, body)]] }),
    headers: [
      ["Linear-Event", "Issue"],
      ["Linear-Delivery", "234d1a4e-b617-4388-90fe-adc3633d6b72"],
    ],
    body: {
      action: "create",
      type: "Issue",
      createdAt: "2026-11-20T09:30:00.000Z",
      data: { id: "2174add1", title: "x" },
    },
    event: {
      type: "Issue",
      id: "234d1a4e-b617-4388-90fe-adc3633d6b72",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "2174add1",
    },
  },
  OKTA: {
    isToken: true,
    sign: ({ secret }) => ({ headers: [["Authorization", secret]] }),
    body: {
      eventType: "com.okta.event_hook",
      eventId: "b5a188b9-5ece-4636-b041-482ffda96311",
      data: { events: [{ published: "2026-11-20T09:30:00.000Z", target: [{ id: "00u1", type: "User" }] }] },
    },
    event: {
      type: "com.okta.event_hook",
      id: "b5a188b9-5ece-4636-b041-482ffda96311",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "00u1",
    },
    probes: [
      {
        method: "GET",
        headers: [["X-Okta-Verification-Challenge", "Me_rShK8-JH"]],
        answer: { status: 200, contentType: "application/json", body: '{"verification":"Me_rShK8-JH"}' },
      },
    ],
  },
  PADDLE: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["Paddle-Signature", `ts=${seconds};h1=${hex(secret, `${seconds}:${body}`)}`]],
    }),
    toleranceSeconds: 5,
    body: {
      event_id: "evt_01hv8x2acma2gz7he8kg2s0hna",
      event_type: "transaction.completed",
      occurred_at: "2026-11-20T09:30:00.137Z",
      data: { id: "txn_01hv8wptq8987qeep44cyrewp9", status: "completed" },
    },
    event: {
      type: "transaction.completed",
      id: "evt_01hv8x2acma2gz7he8kg2s0hna",
      occurredAt: "2026-11-20T09:30:00.137Z",
      resourceId: "txn_01hv8wptq8987qeep44cyrewp9",
    },
  },
  SHOPIFY: {
    sign: ({ secret, body }) => ({ headers: [["X-Shopify-Hmac-SHA256", base64(secret, body)]] }),
    headers: [
      ["X-Shopify-Topic", "orders/create"],
      ["X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"],
    ],
    body: { id: 8209829119461, created_at: "2026-11-20T09:30:00-05:00", total_price: "42.00" },
    event: {
      type: "orders/create",
      id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
      occurredAt: "2026-11-20T09:30:00-05:00",
      resourceId: 8209829119461,
    },
  },
};
