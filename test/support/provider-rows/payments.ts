// Providers of payments and books, each signed as its page says.
import { base64, hex, type ProviderRows } from "./row.ts";

export const paymentsRows: ProviderRows = {
  SQUARE: {
    sign: ({ secret, body, url }) => ({
      headers: [["X-Square-Hmacsha256-Signature", base64(secret, `${url}${body}`)]],
    }),
    signsUrl: true,
    body: {
      merchant_id: "6SSW7HV8K2ST5",
      type: "payment.updated",
      event_id: "6a8f5f28-54a1-4eb0-a98a-3111513fd4fc",
      created_at: "2026-11-20T09:30:00.737Z",
      data: { type: "payment", id: "KkAkhdMsgzn59SM8A89WgKwekxLZY" },
    },
    event: {
      type: "payment.updated",
      id: "6a8f5f28-54a1-4eb0-a98a-3111513fd4fc",
      occurredAt: "2026-11-20T09:30:00.737Z",
      resourceId: "KkAkhdMsgzn59SM8A89WgKwekxLZY",
    },
  },
  XERO: {
    sign: ({ secret, body }) => ({ headers: [["X-Xero-Signature", base64(secret, body)]] }),
    body: {
      events: [
        {
          resourceUrl: "https://api.xero.com/api.xro/2.0/Contacts/717f2bfc",
          resourceId: "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777",
          eventDateUtc: "2026-11-20T09:30:00.902",
          eventType: "UPDATE",
          eventCategory: "CONTACT",
          tenantId: "c2cc9b6e",
        },
      ],
      firstEventSequence: 1,
      lastEventSequence: 1,
      entropy: "SHQZUVDVFBJGXACFWJHU",
    },
    event: {
      type: "CONTACT.UPDATE",
      id: "SHQZUVDVFBJGXACFWJHU",
      occurredAt: "2026-11-20T09:30:00.902",
      resourceId: "717f2bfc-c6d4-41fd-b238-3f2f0c0cf777",
    },
  },
  RAZORPAY: {
    sign: ({ secret, body }) => ({ headers: [["X-Razorpay-Signature", hex(secret, body)]] }),
    headers: [["X-Razorpay-Event-Id", "FVfVUxLVQuNGcW"]],
    body: {
      entity: "event",
      account_id: "acc_F5Ra1CW1bL1mZ9",
      event: "payment.captured",
      contains: ["payment"],
      payload: { payment: { entity: { id: "pay_DESlfW9H8K9uqM", amount: 100 } } },
      created_at: 1760000000,
    },
    event: { type: "payment.captured", id: "FVfVUxLVQuNGcW", occurredAt: 1760000000, resourceId: "pay_DESlfW9H8K9uqM" },
  },
  COINBASE_COMMERCE: {
    sign: ({ secret, body }) => ({ headers: [["X-Cc-Webhook-Signature", hex(secret, body)]] }),
    body: {
      id: "1",
      event: {
        id: "24934862-d980-46cb-9402-43c81b0cdba6",
        resource: "event",
        type: "charge:confirmed",
        created_at: "2026-11-20T09:30:00Z",
        data: { id: "66BEOV2A", code: "66BEOV2A" },
      },
    },
    event: {
      type: "charge:confirmed",
      id: "24934862-d980-46cb-9402-43c81b0cdba6",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "66BEOV2A",
    },
  },
  GOCARDLESS: {
    sign: ({ secret, body }) => ({ headers: [["Webhook-Signature", hex(secret, body)]] }),
    body: {
      events: [
        { id: "EV00BD05S5VM2T", created_at: "2026-11-20T09:30:00.000Z", resource_type: "mandates", action: "created" },
      ],
      meta: { webhook_id: "WB001D7QZZQDWQ" },
    },
    event: {
      type: "mandates.created",
      id: "WB001D7QZZQDWQ",
      occurredAt: "2026-11-20T09:30:00.000Z",
      resourceId: "EV00BD05S5VM2T",
    },
  },
  LEMON_SQUEEZY: {
    sign: ({ secret, body }) => ({ headers: [["X-Signature", hex(secret, body)]] }),
    headers: [["X-Event-Name", "order_created"]],
    body: {
      meta: { event_name: "order_created", test_mode: true },
      data: { type: "orders", id: "100", attributes: { status: "paid", updated_at: "2026-11-20T09:30:00.000000Z" } },
    },
    event: { type: "order_created", id: null, occurredAt: "2026-11-20T09:30:00.000000Z", resourceId: "100" },
  },
  MOLLIE: {
    sign: ({ secret, body }) => ({ headers: [["X-Mollie-Signature", `sha256=${hex(secret, body)}`]] }),
    body: {
      resource: "event",
      id: "event_GvJ8WHrp5isUdRub9CJyH",
      type: "payment-link.paid",
      entityId: "pl_qng5gbbv8NAZ5gpM5ZYgx",
      createdAt: "2026-11-20T09:30:00.0Z",
    },
    event: {
      type: "payment-link.paid",
      id: "event_GvJ8WHrp5isUdRub9CJyH",
      occurredAt: "2026-11-20T09:30:00.0Z",
      resourceId: "pl_qng5gbbv8NAZ5gpM5ZYgx",
    },
  },
  REVENUECAT: {
    sign: ({ secret, body, seconds }) => ({
      headers: [["X-RevenueCat-Webhook-Signature", `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`]],
    }),
    toleranceSeconds: 300,
    isTokenToo: true,
    body: {
      api_version: "1.0",
      event: {
        id: "12345678-1234-1234-1234-123456789012",
        type: "INITIAL_PURCHASE",
        app_user_id: "1234567890",
        event_timestamp_ms: 1760000000009,
      },
    },
    event: {
      type: "INITIAL_PURCHASE",
      id: "12345678-1234-1234-1234-123456789012",
      occurredAt: 1760000000009,
      resourceId: "1234567890",
    },
  },
  DWOLLA: {
    sign: ({ secret, body }) => ({ headers: [["X-Request-Signature-Sha-256", hex(secret, body)]] }),
    body: {
      id: "80d8ff7d-7e5a-4975-ade8-9e97306d6c15",
      resourceId: "36e9dcb2-889b-4873-8e52-0c9404ea002a",
      topic: "customer_created",
      timestamp: "2026-11-20T09:30:00.512Z",
    },
    event: {
      type: "customer_created",
      id: "80d8ff7d-7e5a-4975-ade8-9e97306d6c15",
      occurredAt: "2026-11-20T09:30:00.512Z",
      resourceId: "36e9dcb2-889b-4873-8e52-0c9404ea002a",
    },
  },
  CHECKOUT_COM: {
    sign: ({ secret, body }) => ({ headers: [["Cko-Signature", hex(secret, body)]] }),
    headers: [["Authorization", "a token of the receiver"]],
    body: {
      id: "evt_az5sblvku4ge3dwpztvyizgcau",
      type: "payment_approved",
      created_on: "2026-11-20T09:30:00Z",
      data: { id: "pay_mbabizu24mvu3mela5njyhpit4" },
    },
    event: {
      type: "payment_approved",
      id: "evt_az5sblvku4ge3dwpztvyizgcau",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "pay_mbabizu24mvu3mela5njyhpit4",
    },
  },
  MODERN_TREASURY: {
    sign: ({ secret, body }) => ({ headers: [["X-Signature", hex(secret, body)]] }),
    headers: [
      ["X-Topic", "payment_order"],
      ["X-Webhook-ID", "2b1c6a0e-8a1b-4f2b-9a55-6f6f4c1d0e7a"],
    ],
    body: {
      event: "completed",
      data: { id: "c743d7dc-7c54-4b9e-9b1f-3b9cfd4f2f5b", object: "payment_order", updated_at: "2026-11-20T09:30:00Z" },
    },
    event: {
      type: "completed",
      id: "2b1c6a0e-8a1b-4f2b-9a55-6f6f4c1d0e7a",
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "c743d7dc-7c54-4b9e-9b1f-3b9cfd4f2f5b",
    },
  },
  QUICKBOOKS: {
    sign: ({ secret, body }) => ({ headers: [["Intuit-Signature", base64(secret, body)]] }),
    body: [
      {
        specversion: "1.0",
        id: "88cd52aa-33b6-4351-9aa4-47572edbd068",
        type: "qbo.customer.created.v1",
        time: "2026-11-20T09:30:00.179Z",
        intuitentityid: "1234",
        intuitaccountid: "310687",
        data: {},
      },
    ],
    event: {
      type: "qbo.customer.created.v1",
      id: "88cd52aa-33b6-4351-9aa4-47572edbd068",
      occurredAt: "2026-11-20T09:30:00.179Z",
      resourceId: "1234",
    },
  },
  FLUTTERWAVE: {
    sign: ({ secret }) => ({ headers: [["Verif-Hash", secret]] }),
    isToken: true,
    body: {
      event: "charge.completed",
      data: {
        id: 285959875,
        tx_ref: "Links-616626414629",
        status: "successful",
        created_at: "2026-11-20T09:30:00.000Z",
      },
    },
    event: { type: "charge.completed", id: null, occurredAt: "2026-11-20T09:30:00.000Z", resourceId: 285959875 },
  },
  CASHFREE: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["X-Webhook-Timestamp", String(seconds * 1000)],
        ["X-Webhook-Signature", base64(secret, `${seconds * 1000}${body}`)],
      ],
    }),
    signedHeaders: ["x-webhook-timestamp"],
    body: {
      type: "PAYMENT_SUCCESS_WEBHOOK",
      event_time: "2026-11-20T09:30:00+05:30",
      data: { order: { order_id: "order_OFR_2", order_amount: 2 }, payment: { cf_payment_id: "1453002795" } },
    },
    event: {
      type: "PAYMENT_SUCCESS_WEBHOOK",
      id: null,
      occurredAt: "2026-11-20T09:30:00+05:30",
      resourceId: "order_OFR_2",
    },
  },
  REVOLUT: {
    sign: ({ secret, body, seconds }) => ({
      headers: [
        ["Revolut-Request-Timestamp", String(seconds * 1000)],
        ["Revolut-Signature", `v1=${hex(secret, `v1.${seconds * 1000}.${body}`)}`],
      ],
    }),
    signedHeaders: ["revolut-request-timestamp"],
    toleranceSeconds: 300,
    body: {
      event: "ORDER_COMPLETED",
      order_id: "9fc01989-3f61-4484-a5d9-ffe768531be9",
      timestamp: "2026-11-20T09:30:00Z",
    },
    event: {
      type: "ORDER_COMPLETED",
      id: null,
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "9fc01989-3f61-4484-a5d9-ffe768531be9",
    },
  },
};
